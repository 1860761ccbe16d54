export type { DueHandler, DueItem, Schedules } from './due-work.js';
