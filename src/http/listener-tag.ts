import type { IncomingMessage } from 'node:http';

/** Which door a request came through. Only `mtls` asks for a client certificate. */
export type ListenerName = 'public' | 'mtls' | 'http';

const LISTENER = Symbol('listener');

interface Tagged {
  [LISTENER]?: ListenerName;
}

export function tagListener(request: IncomingMessage, name: ListenerName): void {
  (request as Tagged)[LISTENER] = name;
}

/** Set by the listeners alone, never from anything the client sent. */
export function listenerOf(request: IncomingMessage): ListenerName {
  return (request as Tagged)[LISTENER] ?? 'public';
}
