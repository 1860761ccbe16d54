import { SandbankError, type ErrorCode, type Finding } from '../../../kernel/index.js';

/** Where the faults of one message are gathered. */
export interface FindingList {
  readonly found: readonly Finding[];
  /** Further faults are not worth telling. */
  readonly isFull: boolean;
  add(code: ErrorCode, path: string, message: string): void;
  /** Throws the first one's code with all of them in `details.findings`. */
  throwIfAny(): void;
}

const MOST = 100;

export function createFindings(): FindingList {
  const found: Finding[] = [];
  return {
    found,
    get isFull() {
      return found.length >= MOST;
    },
    add(code, path, message) {
      if (found.length < MOST) found.push({ code, message, path });
    },
    throwIfAny() {
      const first = found[0];
      if (!first) return;
      const message = found.length === 1 ? first.message : `${first.message} (${found.length} findings in all.)`;
      throw new SandbankError(first.code, message, {
        ...(first.path !== undefined && { path: first.path }),
        findings: found,
      });
    },
  };
}
