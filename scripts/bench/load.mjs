/**
 * Load over kept connections: each sends its next request when the last one was answered. Everything but 2xx is an
 * error, and an error ends the run: a fast refusal is not an answer.
 */
import { Pool } from 'undici';

/** `next()` gives the request; `dispatcherOptions.connect` holds the client's certificate. */
export function createLoad(origin, { connections, connect }) {
  const pool = new Pool(origin, { connections, pipelining: 1, ...(connect && { connect }) });
  const one = (next) => oneRequest(pool, next());
  return {
    one,
    /** Answers requests a second and the latencies in ms, sorted. */
    async run({ requests, next }) {
      const latencies = [];
      let begun = 0;
      const began = performance.now();
      const worker = async () => {
        while (begun < requests) {
          begun += 1;
          const at = performance.now();
          await one(next);
          latencies.push(performance.now() - at);
        }
      };
      await Promise.all(Array.from({ length: connections }, worker));
      const seconds = (performance.now() - began) / 1_000;
      return { perSecond: requests / seconds, latencies: latencies.sort((a, b) => a - b) };
    },
    close: () => pool.close(),
  };
}

/** At the level of the dispatcher: streams and promises of a fuller client would compete with the server for the cores. */
function oneRequest(pool, request) {
  return new Promise((resolve, reject) => {
    let status = 0;
    let bytes = 0;
    const kept = [];
    pool.dispatch(request, {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_controller, chunk) => {
        bytes += chunk.length;
        if (status >= 300 && kept.length < 4) kept.push(chunk);
      },
      onResponseEnd: () => {
        if (status >= 200 && status < 300) resolve({ status, bytes });
        else reject(new Error(`${request.method} ${request.path}: HTTP ${status} ${Buffer.concat(kept)}`));
      },
      onResponseError: (_controller, error) => reject(error),
    });
  });
}

export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(values) {
  return percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}
