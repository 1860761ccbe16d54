import { resolve } from 'node:path';

import { Command } from 'commander';

import { connectToSandbox, type ExplainedRequest } from '../../sandbox/index.js';
import type { CommandContext } from '../command-context.js';
import type { Output } from '../output.js';

interface ExplainFlags {
  readonly dataDir: string;
  readonly json?: boolean;
  readonly all?: boolean;
}

/** `sandbank explain ID`: every check that was made for a request, and which one refused it. */
export function explainCommand(context: CommandContext, settle: (code: number) => void): Command {
  return new Command('explain')
    .description('Say why a request was answered as it was')
    .argument('[id]', 'x-fapi-interaction-id of the answer, or request id; the last refusal when absent')
    .option('--data-dir <folder>', 'data directory of the running sandbox', '.sandbank')
    .option('--all', 'show the checks that passed, too')
    .option('--json', 'print the records as JSON')
    .action(async (id: string | undefined, flags: ExplainFlags) => {
      const output = context.output(flags);
      const control = connectToSandbox(resolve(flags.dataDir));
      try {
        const path = id === undefined ? '/requests?failed=true&limit=1' : `/requests/${encodeURIComponent(id)}`;
        const { requests } = await control.get<{ requests: readonly ExplainedRequest[] }>(path);
        output.data(
          { requests },
          requests.length === 0
            ? 'No refused request so far.'
            : requests.map((one) => describe(one, output, flags.all === true)).join('\n\n'),
        );
        settle(0);
      } finally {
        await control.close();
      }
    });
}

function describe(request: ExplainedRequest, output: Output, all: boolean): string {
  const { checks } = request;
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  const about = [
    ['operation', request.operationId],
    ['client', request.clientId],
    ['certificate', request.certificate],
    ['consent', request.consentId],
    ['error', request.error],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  const lines = [
    `${output.strong(`${request.method} ${request.path}`)} -> ${String(request.status)}  ${output.quiet(`${request.at}, ${request.interactionId}`)}`,
    ...about.map(([name, value]) => `  ${name.padEnd(12)}${value}`),
  ];
  for (const check of all ? checks : failed) {
    lines.push(`  ${check.outcome === 'failed' ? output.bad('refused') : output.good('passed ')} ${check.name}`);
    if (check.expected !== undefined) lines.push(`          expected  ${check.expected}`);
    if (check.actual !== undefined) lines.push(`          found     ${check.actual}`);
    if (check.clause !== undefined) lines.push(`          clause    ${check.clause}`);
    if (check.remedy !== undefined && check.outcome === 'failed') lines.push(`          remedy    ${check.remedy}`);
  }
  const passed = checks.length - failed.length;
  if (!all && passed > 0) lines.push(output.quiet(`  ${String(passed)} other checks passed; --all shows them`));
  return lines.join('\n');
}
