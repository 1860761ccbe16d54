export { createEventLog, type EventLog } from './event-log.js';
export { eventsMigrations } from './migrations.js';
export { readEventsOfTypes, verifyEventSequence, type LoggedEvent } from './verify-events.js';
