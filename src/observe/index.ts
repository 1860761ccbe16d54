export type { Check, Recorder, RequestFacts, RequestRecord, Trace } from './check.js';
export { createRecorder, type RecorderOptions } from './recorder.js';
export { observeMigrations } from './record-table.js';
export { redact, withoutSecrets } from './redaction.js';
