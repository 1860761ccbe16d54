export type { AuditCheck, Fault } from './audit.js';
export { assert, unreachable } from './assert.js';
export { ERROR_CODES, isSandbankError, SandbankError } from './errors.js';
export type { ErrorCode, ErrorDetails, Finding } from './errors.js';
export type { DomainEvent } from './events.js';
export { createIdScheme } from './ids.js';
export type { IdKind, IdScheme } from './ids.js';
export { currencyExponent, formatMoney, money, parseMoney } from './money.js';
export type { Currency, Money } from './money.js';
export type { Page, PageRequest } from './pages.js';
export { createRandom, hash32 } from './random.js';
export type { Random } from './random.js';
export {
  afterThisTurn,
  createClock,
  dateOf,
  dayOfWeek,
  daysInMonth,
  formatInstant,
  formatInstantMs,
  fromParts,
  instant,
  localDate,
  MS_PER_DAY,
  MS_PER_HOUR,
  MS_PER_MINUTE,
  MS_PER_SECOND,
  parseInstant,
  parts,
  plusDays,
  plusMonths,
  plusMs,
  startOfDay,
  wallClock,
} from './time.js';
export type { Clock, ClockState, Instant, LocalDate, VirtualClock } from './time.js';
