import type { IncomingMessage } from 'node:http';

/** Which door a request came through. Only `mtls` asks for a client certificate. */
export type ListenerName = 'public' | 'mtls' | 'http';

const LISTENER = Symbol('listener');

const PORT = Symbol('announced port');

interface Tagged {
  [LISTENER]?: ListenerName;
  [PORT]?: number;
}

/** `port` is what clients call the listener by, where that is not the one it is bound to. */
export function tagListener(request: IncomingMessage, name: ListenerName, port?: number): void {
  (request as Tagged)[LISTENER] = name;
  if (port !== undefined) (request as Tagged)[PORT] = port;
}

/** The port that a client of this request names in its Host header. */
export function announcedPortOf(request: IncomingMessage): number | undefined {
  return (request as Tagged)[PORT] ?? request.socket.localPort;
}

/** Set by the listeners alone, never from anything the client sent. */
export function listenerOf(request: IncomingMessage): ListenerName {
  return (request as Tagged)[LISTENER] ?? 'public';
}
