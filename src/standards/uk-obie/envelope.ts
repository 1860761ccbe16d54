import type { Call, Reply } from '../standard.js';

export interface Meta {
  readonly TotalPages?: number;
  readonly FirstAvailableDateTime?: string;
  readonly LastAvailableDateTime?: string;
}

export interface PageLinks {
  readonly First?: string;
  readonly Prev?: string;
  readonly Next?: string;
}

/** The frame of an answer that is whole: `Links.Self` is the request, and there is one page. */
export function whole(call: Call, data: unknown): Reply {
  return { status: 200, body: { Data: data, Links: { Self: call.selfUrl }, Meta: { TotalPages: 1 } } };
}

/** The frame around one resource; `path` is where it can be read again. `Risk` stands beside the data where there is one. */
export function resource(
  call: Call,
  options: { readonly status: 200 | 201; readonly path: string; readonly data: unknown; readonly risk?: unknown },
): Reply {
  const { status, path, data, risk } = options;
  return {
    status,
    body: {
      Data: data,
      ...(risk !== undefined && { Risk: risk }),
      Links: { Self: call.url(path) },
      Meta: {},
    },
  };
}
