import type { JSX } from 'preact';

import type { PaymentLine } from '../../auth/journey/index.js';
import type { Account } from '../../bank/index.js';
import { Lines, Sum } from '../consent/confirm-page.js';
import {
  CsrfField,
  displayIdentification,
  displayName,
  Page,
  SandboxPanel,
  type Texts,
  type Theme,
} from '../kit/index.js';

/** A question in the app. */
export interface Waiting {
  readonly authorisationId: string;
  readonly asker: string;
  readonly lines: readonly PaymentLine[];
  readonly isCancellation: boolean;
  /** Of account access: what would be shared. */
  readonly clusters: readonly string[];
  /** To choose from, where none is settled. */
  readonly accounts: readonly Account[];
}

interface Customer {
  readonly name: string;
  readonly customerNumber: string;
}

export interface PhoneProps {
  readonly theme: Theme;
  readonly assets: string;
  readonly texts: Texts;
  readonly customers: readonly Customer[];
  /** Whose phone it is; absent before it is opened. */
  readonly customer?: Customer;
  readonly csrf?: string;
  readonly waiting: readonly Waiting[];
  readonly problem?: string;
}

/** The app on a customer's phone, as a page: what waits, and yes or no. */
export function PhonePage(props: PhoneProps): JSX.Element {
  const { theme, assets, texts, customer, waiting, problem } = props;
  const { phone } = texts;
  return (
    <Page title={phone.title(theme.name)} theme={theme} assets={assets} texts={texts}>
      <h1>{phone.title(theme.name)}</h1>
      <p class="lead">{phone.explain}</p>
      {problem !== undefined && (
        <div class="notice danger" role="alert" id="form-error">
          <p>{texts.problem(problem, problem)}</p>
        </div>
      )}
      {customer === undefined ? (
        <OpenForm {...props} />
      ) : (
        <>
          <h2 id="phone-owner">{customer.name}</h2>
          {waiting.length === 0 ? <p id="phone-empty">{phone.nothing}</p> : <p>{phone.waiting}</p>}
          {waiting.map((question) => (
            <QuestionCard key={question.authorisationId} question={question} {...props} customer={customer} />
          ))}
          <p class="way-out">
            <a href={`?customer=${encodeURIComponent(customer.customerNumber)}`}>{phone.reload}</a>{' '}
            <a href="?">{phone.close}</a>
          </p>
        </>
      )}
    </Page>
  );
}

function OpenForm({ texts, customers }: PhoneProps): JSX.Element {
  return (
    <>
      <form method="get" class="card">
        <div class="field">
          <label for="phone-customer">{texts.login.number}</label>
          <input type="text" id="phone-customer" name="customer" class="number" inputmode="numeric" required />
        </div>
        <div class="buttons">
          <button type="submit" id="phone-open">
            {texts.phone.open}
          </button>
        </div>
      </form>
      <SandboxPanel title={texts.login.number}>
        <ul class="logins">
          {customers.map(({ name, customerNumber }) => (
            <li key={customerNumber}>
              <span class="login-who">{name}</span>
              <a href={`?customer=${encodeURIComponent(customerNumber)}`}>{customerNumber}</a>
            </li>
          ))}
        </ul>
      </SandboxPanel>
    </>
  );
}

function QuestionCard(props: PhoneProps & { readonly question: Waiting; readonly customer: Customer }): JSX.Element {
  const { question, customer, texts } = props;
  const { phone, confirm } = texts;
  const { lines, clusters, accounts } = question;
  return (
    <form method="post" class="card">
      <CsrfField token={props.csrf ?? ''} />
      <input type="hidden" name="customer" value={customer.customerNumber} />
      <input type="hidden" name="authorisation" value={question.authorisationId} />
      <h2>{question.isCancellation ? confirm.titleCancel : phone.asks(displayName(question.asker))}</h2>
      {lines.length > 0 ? <Sum lines={lines} texts={texts} /> : <p>{phone.access}</p>}
      {lines.length > 1 && <Lines lines={lines} texts={texts} />}
      {lines.length === 1 && <p class="lead">{displayIdentification(lines[0]?.payee.account ?? '')}</p>}
      {clusters.length > 0 && (
        <ul>
          {clusters.map((title) => (
            <li key={title}>{texts.phrase(title)}</li>
          ))}
        </ul>
      )}
      {accounts.length > 0 && (
        <fieldset class="choices">
          <legend>{phone.account}</legend>
          {accounts.map((account, index) => (
            <label class="choice" key={account.id}>
              <input type="radio" name="account" value={account.id} checked={index === 0} required />
              <span class="choice-text">
                <span class="choice-name">{displayName(account.nickname ?? account.product.name)}</span>
                <span class="choice-detail">{displayIdentification(account.identifiers[0]?.identification ?? '')}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <div class="buttons">
        <button type="submit" name="decision" value="approve">
          {phone.approve}
        </button>
        <button type="submit" class="second" name="decision" value="refuse" formnovalidate>
          {phone.deny}
        </button>
      </div>
    </form>
  );
}
