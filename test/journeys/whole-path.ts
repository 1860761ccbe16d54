import { afterAll, beforeAll, describe } from '@jest/globals';

import type { NewTpp } from '../../src/index.js';
import { customerOf } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import { describeAccounts } from './account-path.js';
import { describeEnds } from './end-of-access.js';
import { describePayments } from './payment-path.js';
import type { WholePathStage } from './whole-path-stage.js';

/** The whole path of one kind of client, from its registration to a settled payment; `more` adds what only it does. */
export function describeWholePath(
  title: string,
  client: Required<Pick<NewTpp, 'profile' | 'clientAuthentication'>>,
  more: (stage: () => WholePathStage) => void = () => undefined,
): void {
  describe(title, () => {
    let stage: WholePathStage;

    beforeAll(async () => {
      const sandbox = await startTestSandbox();
      const tpp = await newThirdParty(sandbox, client);
      const [payer, payee] = [await customerOf(sandbox, 'salaried-renter'), await customerOf(sandbox, 'freelancer')];
      stage = { sandbox, tpp, payer, payee };
    });

    afterAll(async () => {
      await stage?.tpp.close();
      await stage?.sandbox.stop();
    });

    describeAccounts(() => stage);
    describePayments(() => stage);
    describeEnds(() => stage);
    more(() => stage);
  });
}
