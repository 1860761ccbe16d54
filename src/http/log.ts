import { pino, type DestinationStream, type Logger } from 'pino';

/** One JSON object a line. The destination is standard error unless given; `silent` writes nothing. */
export function createLog(level: 'silent' | 'info' | 'debug', destination?: DestinationStream): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination ?? pino.destination(2));
}

export type Log = Logger;
