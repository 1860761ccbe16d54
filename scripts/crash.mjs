// Kills a running bank with kill -9 while payments run, again and again, and counts the pennies after each start.
//
//   npm run test:crash                    25 kills, as `npm test` does
//   npm run test:crash -- --kills 200
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '25' } } });
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) {
  process.stderr.write('--kills takes a whole number above 0\n');
  process.exitCode = 2;
} else {
  const { status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--globals',
      JSON.stringify({ kills }),
      'test/crash/kill',
    ],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
}
