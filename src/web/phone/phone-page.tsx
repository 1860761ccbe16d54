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
  /** To choose from, where none is settled: several to share, one to pay from. */
  readonly accounts: readonly Account[];
  /** Settled already, by the third party or by what it asks for. */
  readonly settled: readonly Account[];
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
  /** She approved without ticking an account. */
  readonly isNoneChosen?: boolean;
}

/** The app on a customer's phone, as a page: what waits, and yes or no. */
export function PhonePage(props: PhoneProps): JSX.Element {
  const { theme, assets, texts, customer, waiting } = props;
  const { phone } = texts;
  const problem = props.isNoneChosen === true ? phone.chooseOne : props.problem;
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
          {waiting.map((question, index) => (
            <QuestionCard
              key={question.authorisationId}
              question={question}
              prefix={`question-${String(index)}`}
              {...props}
              customer={customer}
            />
          ))}
          <p class="way-out">
            <a id="phone-reload" href={`?customer=${encodeURIComponent(customer.customerNumber)}`}>
              {phone.reload}
            </a>{' '}
            <a id="phone-close" href="?">
              {phone.close}
            </a>
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

interface QuestionProps extends PhoneProps {
  readonly question: Waiting;
  readonly customer: Customer;
  /** Of the ids in this card. */
  readonly prefix: string;
}

function QuestionCard(props: QuestionProps): JSX.Element {
  const { question, customer, texts, prefix } = props;
  const { phone, confirm } = texts;
  return (
    <form method="post" class="card" id={prefix} aria-labelledby={`${prefix}-title`}>
      <CsrfField token={props.csrf ?? ''} />
      <input type="hidden" name="customer" value={customer.customerNumber} />
      <input type="hidden" name="authorisation" value={question.authorisationId} />
      <h2 id={`${prefix}-title`}>
        {question.isCancellation ? confirm.titleCancel : phone.asks(displayName(question.asker))}
      </h2>
      <Wanted question={question} texts={texts} />
      <Settled question={question} texts={texts} prefix={prefix} />
      {question.accounts.length > 0 && <Choices {...props} />}
      <div class="buttons">
        <button type="submit" id={`${prefix}-approve`} name="decision" value="approve">
          {phone.approve}
        </button>
        <button type="submit" id={`${prefix}-deny`} class="second" name="decision" value="refuse" formnovalidate>
          {phone.deny}
        </button>
      </div>
    </form>
  );
}

interface QuestionTexts {
  readonly question: Waiting;
  readonly texts: Texts;
}

/** What is to be paid, and what is to be shared. */
function Wanted({ question, texts }: QuestionTexts): JSX.Element {
  const { lines, clusters } = question;
  return (
    <>
      {lines.length > 0 && <Sum lines={lines} texts={texts} />}
      {lines.length > 1 && <Lines lines={lines} texts={texts} />}
      {lines.length === 1 && <p class="lead">{displayIdentification(lines[0]?.payee.account ?? '')}</p>}
      {lines.length === 1 && lines[0]?.reference !== undefined && <p>{displayName(lines[0].reference)}</p>}
      {(clusters.length > 0 || lines.length === 0) && <p>{texts.phone.access}</p>}
      {clusters.length > 0 && (
        <ul>
          {clusters.map((title) => (
            <li key={title}>{texts.phrase(title)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Settled({ question, texts, prefix }: QuestionTexts & { readonly prefix: string }): JSX.Element | null {
  const { settled, lines } = question;
  const id = `${prefix}-settled`;
  if (settled.length === 0) return null;
  return (
    <>
      <p id={id} class="lead">
        {lines.length > 0 ? texts.phone.paidFrom : texts.phone.shared}
      </p>
      <ul aria-labelledby={id}>
        {settled.map((account) => (
          <li key={account.id}>
            <AccountText account={account} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** To share, nothing is ticked for her; to pay from, the first is chosen. */
function Choices({ question, texts, prefix }: QuestionProps): JSX.Element {
  const { accounts, lines } = question;
  const many = lines.length === 0;
  return (
    <fieldset class="choices">
      <legend>{many ? texts.phone.choose : texts.phone.account}</legend>
      {accounts.map((account, index) => {
        const id = `${prefix}-account-${String(index)}`;
        return (
          <label class="choice" key={account.id} for={id}>
            <input
              type={many ? 'checkbox' : 'radio'}
              id={id}
              name="account"
              value={account.id}
              checked={!many && index === 0}
              required={!many}
            />
            <AccountText account={account} />
          </label>
        );
      })}
    </fieldset>
  );
}

function AccountText({ account }: { readonly account: Account }): JSX.Element {
  return (
    <span class="choice-text">
      <span class="choice-name">{displayName(account.nickname ?? account.product.name)}</span>
      <span class="choice-detail">{displayIdentification(account.identifiers[0]?.identification ?? '')}</span>
    </span>
  );
}
