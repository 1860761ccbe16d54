export const PROBLEM_TYPE = 'application/problem+json';

/** A fault, as `tppMessages` tells it. */
export interface TppMessage {
  readonly category: 'ERROR';
  readonly code: string;
  readonly path?: string;
  readonly text: string;
}

const MAX_DETAIL = 500;

/** RFC 7807 names no types of its own here, so that the title is what the status means (section 4.2). */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  429: 'Too Many Requests',
  501: 'Not Implemented',
};

/** Only who names the type gets it: others may not know that an answer can have it. */
export function takesProblems(accept = ''): boolean {
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === PROBLEM_TYPE && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

/** The same faults as a problem (RFC 7807, 1.3.12 14.11.3): the first, and beside it the others. */
export function toProblem(
  status: number,
  [first, ...others]: readonly TppMessage[],
): Readonly<Record<string, unknown>> | undefined {
  if (!first) return undefined;
  const title = TITLES[status];
  return {
    type: 'about:blank',
    ...(title !== undefined && { title }),
    detail: detailOf(first),
    code: first.code,
    ...(others.length > 0 && {
      additionalErrors: others.map((other) => ({ detail: detailOf(other), code: other.code })),
    }),
  };
}

function detailOf({ path, text }: TppMessage): string {
  return (path === undefined ? text : `${path}: ${text}`).slice(0, MAX_DETAIL);
}
