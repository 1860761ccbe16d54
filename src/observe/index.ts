export type { Check, Recorder, RequestFacts, RequestRecord, Trace } from './check.js';
