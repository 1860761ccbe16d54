export { createArrangements, type Arrangements, type ArrangementsOptions } from './create-arrangements.js';
export type {
  ArrangedRun,
  ArrangementId,
  Beneficiary,
  DirectDebit,
  NewArrangement,
  ArrangedPayee,
  PlannedRun,
  Planner,
  Recurrence,
  ScheduledPayment,
  StandingOrder,
} from './arrangement.js';
export { arrangementsMigrations } from './migrations.js';
