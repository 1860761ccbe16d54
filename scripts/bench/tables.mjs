/** What was measured, as tables in Markdown, with what was to be reached. */
const number = (value, digits = 0) => value.toFixed(digits);

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function pagesTable({ bytes, rows }) {
  const raw = rows.find(({ name }) => name.startsWith('raw'));
  const prism = rows.find(({ name }) => name.startsWith('Prism'));
  const lines = rows.map(({ name, cpuUs, perSecond, p50, p99, rssMb }) => [
    name,
    number(cpuUs),
    number(cpuUs / raw.cpuUs, 1),
    prism ? number(cpuUs / prism.cpuUs, 2) : '-',
    number(perSecond),
    `${number(p50, 2)} / ${number(p99, 1)}`,
    number(rssMb),
  ]);
  const against = ({ name, cpuUs, perSecond, p50 }) =>
    `${name}: 1/${number(prism.cpuUs / cpuUs, 1)} of Prism's CPU (wanted: 1/6), ${number(perSecond / prism.perSecond, 1)} times its requests a second (wanted: 5), p50 with one connection ${number(p50, 2)} ms (wanted: at most 1.5).`;
  const verdict =
    prism &&
    rows
      .filter(({ name }) => name.startsWith('Sandbank'))
      .map(against)
      .join('\n\n');
  return [
    `## GET transactions, 100 rows, ${number(bytes / 1_000)} kB`,
    '',
    'Ours over TLS with client certificate, bound token, consent, permissions, validation of the request and the recorder; the peers over plain HTTP without any of it. Requests a second with 10 connections, latencies in ms with one.',
    '',
    table(['', 'CPU µs', 'x raw', 'x Prism', 'requests/s', 'p50 / p99', 'RSS MB'], lines),
    ...(verdict ? ['', verdict] : []),
  ].join('\n');
}

export function startTable({ ours, provider }) {
  const row = (name, { cpuMs, readyMs, rssMb }) => [name, number(cpuMs), number(readyMs), number(rssMb)];
  return [
    '## Start with an existing world, and idle memory',
    '',
    table(
      ['', 'CPU ms to ready', 'ms to ready', 'idle RSS MB'],
      [row('Sandbank', ours), row('bare oidc-provider', provider)],
    ),
    '',
    `${number(ours.cpuMs / provider.cpuMs, 1)} times the CPU of bare oidc-provider (wanted: 1.5), ${number(ours.readyMs / 1_000, 2)} s (wanted: at most 1.5), ${number(ours.rssMb)} MB (wanted: at most 140).`,
  ].join('\n');
}

export function paymentsTable({ perSecond, commitsPerSecond, cpuUs, p50 }) {
  return [
    '## Durable payments, 8 connections',
    '',
    table(
      ['payments/s', 'durable commits/s of the engine', 'share', 'CPU µs a payment', 'p50 ms'],
      [
        [
          number(perSecond),
          number(commitsPerSecond),
          number(perSecond / commitsPerSecond, 2),
          number(cpuUs),
          number(p50, 1),
        ],
      ],
    ),
    '',
    'Wanted: a share of 0.25.',
  ].join('\n');
}

export function sizesTable({ transactions, seconds, small, large }) {
  const rows = small.kinds.map(({ kind, cpuUs, p50 }, index) => {
    const other = large.kinds[index];
    return [
      kind,
      number(cpuUs),
      number(other.cpuUs),
      number(other.cpuUs / cpuUs, 2),
      number(p50, 2),
      number(other.p50, 2),
      number(other.p50 / p50, 2),
    ];
  });
  return [
    `## The same pages in the default bank and beside ${transactions.toLocaleString('en')} transactions of others`,
    '',
    `Written in ${number(seconds)} s. Wanted: at most 1.2 times, and 40 MB more memory (small ${number(small.rssMb)}, large ${number(large.rssMb)} MB right after the start).`,
    '',
    table(['page', 'small CPU µs', 'large', 'ratio', 'small p50 ms', 'large', 'ratio'], rows),
  ].join('\n');
}
