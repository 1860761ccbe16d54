import type { JSX } from 'preact';

import type { TestCustomer } from '../../bank/index.js';
import { displayIdentification, Page, SANDBANK_THEME } from '../kit/index.js';

/** What the home page tells. Filled in by the sandbox, which knows the addresses. */
export interface HomeView {
  readonly publicOrigin: string;
  readonly mtlsOrigin: string;
  readonly directoryIssuer: string;
  readonly caFile: string;
  readonly businessTime: string;
  readonly clockMode: 'system' | 'frozen';
  readonly banks: readonly {
    readonly id: string;
    readonly name: string;
    readonly tagline: string;
    readonly issuer: string;
    readonly standards: readonly {
      readonly name: string;
      readonly baseUrl: string;
      readonly docs: readonly { readonly title: string; readonly url: string }[];
    }[];
    readonly customers: readonly TestCustomer[];
  }[];
}

/** The first page anybody sees: what runs, who lives here, what to type next. */
export function HomePage({ view }: { readonly view: HomeView }): JSX.Element {
  return (
    <Page
      title="A bank in a box"
      theme={SANDBANK_THEME}
      assets="/assets"
      wide
      footer="Sandbank is a simulation for developers. No real money, no real people, nothing leaves this machine."
    >
      <section class="hero">
        <h1>Your open banking ecosystem is running</h1>
        <p>
          A directory with its own certificate authority, {view.banks.length === 1 ? 'a bank' : 'banks'} with customers
          who live, and FAPI-secured APIs over one ledger. Everything on this machine, in one process.
        </p>
      </section>
      <div class="grid">
        <section class="card">
          <h2>Try it now</h2>
          <p class="lead">Watch an account journey and a payment, step by step:</p>
          <pre tabIndex={0}>
            <code>npx sandbank demo</code>
          </pre>
          <p class="lead">Become a third party: keys, certificates and a registration in one command:</p>
          <pre tabIndex={0}>
            <code>npx sandbank tpp create my-app</code>
          </pre>
        </section>
        <section class="card">
          <h2>Addresses</h2>
          <dl class="facts">
            <Address term="For browsers" value={view.publicOrigin} />
            <Address term="With a client certificate" value={view.mtlsOrigin} />
            <Address term="Directory" value={view.directoryIssuer} />
            <Address term="CA to trust" value={view.caFile} />
            <div>
              <dt>Business time</dt>
              <dd>
                {view.businessTime}
                <span class="quiet">
                  {view.clockMode === 'frozen' ? 'frozen; move it with the control API' : 'runs with the system clock'}
                </span>
              </dd>
            </div>
          </dl>
        </section>
      </div>
      {view.banks.map((bank) => (
        <section key={bank.id} class="section">
          <h2>{bank.name}</h2>
          <div class="card">
            <p class="lead">{bank.tagline}</p>
            <dl class="facts">
              <Address term="Issuer" value={bank.issuer} />
              {bank.standards.map((standard) => (
                <div key={standard.baseUrl}>
                  <dt>{standard.name}</dt>
                  <dd>
                    <code>{standard.baseUrl}</code>
                    {standard.docs.map((doc) => (
                      <span key={doc.url} class="quiet">
                        <a href={doc.url}>{doc.title}</a>
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
            <CustomerTable customers={bank.customers} />
          </div>
        </section>
      ))}
    </Page>
  );
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

function CustomerTable({ customers }: { readonly customers: readonly TestCustomer[] }): JSX.Element {
  return (
    <div class="table-scroll">
      <table class="data">
        <caption class="visually-hidden">Test customers</caption>
        <thead>
          <tr>
            <th scope="col">Test customer</th>
            <th scope="col">Customer number</th>
            <th scope="col">Password</th>
            <th scope="col">Accounts</th>
          </tr>
        </thead>
        <tbody>
          {customers.map((customer) => (
            <tr key={customer.customerNumber}>
              <td>
                {customer.name}
                <small>{customer.story}</small>
              </td>
              <td>
                <code>{customer.customerNumber}</code>
              </td>
              <td>
                <code>{customer.password}</code>
              </td>
              <td>
                {customer.accounts.map((account) => (
                  <div key={account.id}>
                    {account.product}
                    <small>{displayIdentification(account.identification)}</small>
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
