export { createFaultRules, type FaultRules } from './fault-rules.js';
export { latencyOf, type Latency, type LatencyProfile } from './latency.js';
