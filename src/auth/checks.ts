/** One check, with what was wanted and what was seen. Never a secret in it. */
export interface AuthCheck {
  readonly name: string;
  readonly outcome: 'passed' | 'failed';
  readonly expected?: string;
  readonly actual?: string;
  readonly clause?: string;
  readonly remedy?: string;
}

/** Where checks are recorded: the trace of the request being served, if there is one. The recorder of observe fits. */
export interface CheckRecorder {
  current():
    | {
        check(check: AuthCheck): void;
        know(facts: {
          readonly bank?: string;
          readonly clientId?: string;
          readonly consentId?: string;
          readonly operationId?: string;
          readonly certificate?: string;
          readonly error?: string;
        }): void;
      }
    | undefined;
}

/** A check before it is made: its words. */
export interface CheckWords {
  readonly name: string;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  readonly clause?: string | undefined;
  readonly remedy?: string | undefined;
}

/** Records a check and answers whether it held. The remedy is only told where there is something to mend. */
export function recordCheck(recorder: CheckRecorder, holds: boolean, words: CheckWords): boolean {
  recorder.current()?.check({
    name: words.name,
    outcome: holds ? 'passed' : 'failed',
    ...(words.expected !== undefined && { expected: words.expected }),
    ...(words.actual !== undefined && { actual: words.actual }),
    ...(words.clause !== undefined && { clause: words.clause }),
    ...(words.remedy !== undefined && !holds && { remedy: words.remedy }),
  });
  return holds;
}
