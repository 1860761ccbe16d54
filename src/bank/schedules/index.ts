export { createSchedules } from './create-schedules.js';
export type { DueHandler, DueItem, ParkedItem, Schedules } from './due-work.js';
export { schedulesMigrations } from './migrations.js';
export { readWaiting, verifySchedules } from './verify-schedules.js';
