export { createEventLog, type EventLog } from './event-log.js';
export { eventsMigrations } from './migrations.js';
