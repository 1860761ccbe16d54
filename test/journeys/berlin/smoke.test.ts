import { test } from '@jest/globals';
import { startTestSandbox } from '../../support/test-sandbox.js';
test('smoke', async () => {
  await using sandbox = await startTestSandbox({ historyMonths: 2 });
  console.log(JSON.stringify(sandbox.status, null, 1), JSON.stringify(await sandbox.bank('dogger').customers(), null, 1));
}, 60000);
