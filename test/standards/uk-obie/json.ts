/** Parsed JSON of no particular type: an answer whose fields a test reads. */
export type Json = ReturnType<typeof JSON.parse>;
