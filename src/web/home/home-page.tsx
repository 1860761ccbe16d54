import type { JSX } from 'preact';

import type { TestCustomer } from '../../bank/index.js';
import type { Instant } from '../../kernel/index.js';
import { displayDateTime, displayIdentification, Page, SANDBANK_THEME } from '../kit/index.js';
import { householdsOf, type Household } from './households.js';

/** What the home page tells. Filled in by the sandbox, which knows the addresses. */
export interface HomeView {
  readonly publicOrigin: string;
  readonly mtlsOrigin: string;
  readonly directoryIssuer: string;
  readonly caFile: string;
  readonly businessTime: Instant;
  readonly clockMode: 'system' | 'frozen' | 'running';
  /** Business seconds in a second. */
  readonly clockSpeed: number;
  /** The reference of the control API and of everything else that has one. */
  readonly docs: readonly DocLink[];
  readonly banks: readonly HomeBank[];
}

export interface DocLink {
  readonly title: string;
  readonly url: string;
}

export interface HomeBank {
  readonly id: string;
  readonly name: string;
  readonly tagline: string;
  /** Of its authorization server, where it has one. */
  readonly issuer?: string;
  /** The simulated phones of its customers. */
  readonly phone?: string;
  readonly standards: readonly {
    readonly name: string;
    readonly baseUrl: string;
    readonly docs: readonly DocLink[];
  }[];
  readonly customers: readonly TestCustomer[];
}

/** The first page anybody sees: what runs, who lives here, what to type next. */
export function HomePage({ view }: { readonly view: HomeView }): JSX.Element {
  return (
    <Page
      title="Home"
      theme={SANDBANK_THEME}
      assets="/assets"
      wide
      badge="Running"
      footer="Sandbank is a simulation for developers. No real money, no real people, nothing leaves this machine."
    >
      <section class="hero">
        <h1>Your open banking ecosystem is running</h1>
        <p>
          A directory with its own certificate authority, {view.banks.length === 1 ? 'a bank' : 'banks'} whose customers
          earn, spend and save, and FAPI-secured APIs over one ledger. All of it on this machine, in one process.
        </p>
      </section>
      <div class="grid">
        <TryIt view={view} />
        <Addresses view={view} />
      </div>
      {view.banks.map((bank) => (
        <BankSection key={bank.id} bank={bank} />
      ))}
    </Page>
  );
}

function TryIt({ view }: { readonly view: HomeView }): JSX.Element {
  const bank = view.banks.find(({ issuer }) => issuer !== undefined);
  return (
    <section class="card">
      <h2>Try it now</h2>
      <p class="lead">Watch an account journey and a payment, step by step:</p>
      <Command text="npx sandbank demo" label="Command of the demo" />
      <p class="lead">Become a third party, with keys, certificates and a registration:</p>
      <Command text="npx sandbank tpp create my-app" label="Command that makes a third party" />
      {bank?.issuer !== undefined && (
        <>
          <p class="lead">Make a first call:</p>
          <Command
            text={`curl --cacert ${view.caFile} \\\n  ${bank.issuer}/.well-known/openid-configuration`}
            label="Command of a first call"
          />
        </>
      )}
    </section>
  );
}

/** It scrolls sideways where it is long, so the keyboard must reach it (axe: scrollable-region-focusable). */
function Command({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  return (
    <pre tabIndex={0} role="region" aria-label={label}>
      <code>{text}</code>
    </pre>
  );
}

function Addresses({ view }: { readonly view: HomeView }): JSX.Element {
  return (
    <section class="card">
      <h2>Addresses</h2>
      <dl class="facts addresses">
        <Address term="For browsers" value={view.publicOrigin} />
        <Address term="With a client certificate" value={view.mtlsOrigin} />
        <Address term="Directory" value={view.directoryIssuer} />
        <Address term="Certificate to trust" value={view.caFile} />
        <div>
          <dt>Business time</dt>
          <dd>
            {displayDateTime(view.businessTime)}
            <span class="quiet">{paceOf(view)}</span>
          </dd>
        </div>
        {view.docs.map(({ title, url }) => (
          <div key={url}>
            <dt>Move time, read the inbox, reset</dt>
            <dd>
              <a href={url}>{title}</a>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function paceOf({ clockMode, clockSpeed }: HomeView): string {
  if (clockMode === 'running') return `Runs at ${String(clockSpeed)} times real speed`;
  return clockMode === 'frozen' ? 'Stands still until you move it' : 'Runs with the system clock';
}

function Address({ term, value }: { readonly term: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <code class="copy">{value}</code>
      </dd>
    </div>
  );
}

function BankSection({ bank }: { readonly bank: HomeBank }): JSX.Element {
  return (
    <section class="section" aria-labelledby={`bank-${bank.id}`}>
      <div class="section-head">
        <h2 id={`bank-${bank.id}`}>{bank.name}</h2>
        <p>{bank.tagline}</p>
      </div>
      <div class="card">
        <dl class="facts addresses">
          {bank.issuer !== undefined && <Address term="Issuer" value={bank.issuer} />}
          {bank.phone !== undefined && bank.issuer === undefined && (
            <div>
              <dt>Phones of its customers</dt>
              <dd>
                <a href={bank.phone}>Simulated app</a>
              </dd>
            </div>
          )}
          {bank.standards.map((standard) => (
            <div key={standard.baseUrl}>
              <dt>{standard.name}</dt>
              <dd>
                <code class="copy">{standard.baseUrl}</code>
                {standard.docs.map((doc) => (
                  <span key={doc.url} class="quiet">
                    <a href={doc.url}>{doc.title}</a>
                  </span>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </div>
      <h3>Test customers</h3>
      <div class="grid">
        {householdsOf(bank.customers).map((household) => (
          <HouseholdCard key={household.title} household={household} />
        ))}
      </div>
    </section>
  );
}

/** One story, its logins and its accounts. */
function HouseholdCard({ household }: { readonly household: Household }): JSX.Element {
  const { story, title, people, accounts } = household;
  return (
    <article class="card household">
      <h4>{title}</h4>
      <p class="lead">{story}</p>
      <table>
        <caption class="visually-hidden">Logins: {title}</caption>
        <thead>
          <tr>
            <th scope="col">Log in as</th>
            <th scope="col">Customer number</th>
            <th scope="col">Password</th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.customerNumber}>
              <th scope="row">{shortName(person.name)}</th>
              <td>
                <code>{person.customerNumber}</code>
              </td>
              <td>
                <code>{person.password}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <table>
        <caption class="visually-hidden">Accounts: {title}</caption>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Number</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ id, product, identification, only }) => (
            <tr key={id}>
              <td>
                {product}
                {only && <small>Only {only.map(shortName).join(' and ')}</small>}
              </td>
              <td>{displayIdentification(identification)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

/** `Hannah` of `Mrs Hannah Whitaker`; a name without a title stays whole. */
function shortName(name: string): string {
  return /^(?:Mr|Mrs|Ms|Miss|Mx|Dr) (\S+)/.exec(name)?.[1] ?? name;
}
