// Who may import whom: the table of ARCHITECTURE.md, section "Who may import whom", as rules that a tool checks.
// Every rule says why it is there, because whoever meets it wants to go round it and should know what that would cost.
//
// The rules are allow-lists: `only(from, [...])` refuses every import inside src that is not named. A new folder under
// src is therefore refused everywhere until the table says who may use it.
'use strict';

/** The face of a module is its index.ts; everything else in the folder is its own business. */
const face = (folder) => `^src/${folder}/index\\.ts$`;
const inside = (folder) => `^src/${folder}/`;
/** A third-party package, wherever npm has put it. */
const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;

const KERNEL = inside('kernel');
const STORAGE = face('storage');
/** What a standard says in auth's words: its security profile and the neutral view of a consent. Types only. */
const AUTH_TYPES = [face('auth/profiles'), face('auth/journey')];

/** Refuses each import from `from` into src that is neither its own folder nor named in `allowed`. */
function only(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from },
    to: { path: '^src/', pathNot: [from, ...allowed] },
  };
}

/** Allows a path, but for types: such an import leaves no trace in the running program. */
function typesOnly(name, from, to, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from },
    to: { path: to, dependencyTypesNot: ['type-only'] },
  };
}

/** Refuses some packages to all of src but `home`. */
function onlyIn(name, home, packages, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: '^src/', pathNot: home },
    to: { path: packages },
  };
}

const layers = [
  only('kernel', KERNEL, [], 'The kernel holds the values every layer shares; whatever it imported, all would import.'),
  {
    name: 'kernel-third-party',
    comment: 'The kernel is pure: no package, no file, no socket. node:crypto is allowed for hashes (ids, seeds) only.',
    severity: 'error',
    from: { path: KERNEL },
    to: { dependencyTypesNot: ['local', 'type-only'], pathNot: ['^(node:)?crypto$', '^src/'] },
  },
  only(
    'storage',
    inside('storage'),
    [KERNEL],
    'Storage runs what modules bring it (SQL, migrations). If it knew a table of theirs, a change there would break here.',
  ),
  only(
    'bank',
    inside('bank'),
    [KERNEL, STORAGE],
    'One bank, many standards: the ledger, consents and payments stay neutral because they cannot see HTTP, OAuth, a ' +
      'screen or a standard. They reach the database through the port in storage/index.ts, never through a driver.',
  ),
  {
    name: 'bank-module-by-its-index',
    comment:
      'Modules of the bank meet at their index only. An import of an inner file ties two modules together where neither ' +
      'says so, and a module could then read or write tables that another owns.',
    severity: 'error',
    from: { path: '^src/bank/([^/]+)/' },
    to: { path: '^src/bank/[^/]+/', pathNot: ['^src/bank/$1/', '^src/bank/[^/]+/index\\.ts$'] },
  },
  {
    name: 'bank-face-by-indexes',
    comment: 'The face of the bank is put together from the faces of its modules.',
    severity: 'error',
    from: { path: '^src/bank/[^/]+\\.ts$' },
    to: { path: '^src/bank/[^/]+/', pathNot: '^src/bank/[^/]+/index\\.ts$' },
  },
  {
    name: 'bank-module-not-to-its-face',
    comment: 'bank/index.ts is for the outside. A module that imports it depends on every other module, and on itself.',
    severity: 'error',
    from: { path: '^src/bank/[^/]+/' },
    to: { path: face('bank') },
  },
  {
    name: 'ledger-alone',
    comment: 'Money is right because postings are right, whatever happens elsewhere: the ledger imports no sibling.',
    severity: 'error',
    from: { path: inside('bank/ledger') },
    to: { path: '^src/bank/', pathNot: inside('bank/ledger') },
  },
  only(
    'life',
    inside('life'),
    [KERNEL, face('bank')],
    'The past is simulated by the same code as the future: personas act through Bank like anyone else, never on tables.',
  ),
  only(
    'directory',
    inside('directory'),
    [KERNEL, STORAGE],
    'In the field the trust framework is another company. It knows participants and certificates, not accounts.',
  ),
  only(
    'beside-the-bank',
    '^src/(developers|observe|faults)/',
    [KERNEL, STORAGE],
    'Portal accounts, the recorder and fault rules work for any request of any bank, so they must not know one.',
  ),
  {
    name: 'beside-the-bank-separate',
    comment: 'developers, observe and faults are three modules; what joins them is wired in sandbox.',
    severity: 'error',
    from: { path: '^src/(developers|observe|faults)/' },
    to: { path: '^src/(developers|observe|faults)/', pathNot: '^src/$1/' },
  },
  only(
    'auth',
    inside('auth'),
    [KERNEL, STORAGE, face('bank'), face('directory')],
    'The authorization server is configured by a profile that a standard declares. If it named a standard, the next ' +
      'standard would need a change here; if it knew the screens, the journey could not run without them.',
  ),
  only(
    'standards-kit',
    '^src/standards/(kit/|standard\\.ts$)',
    [KERNEL, face('bank'), ...AUTH_TYPES],
    'The kit and the interface are what standards share; a named standard in it would not be shared.',
  ),
  {
    name: 'standards',
    comment:
      'A standard translates between its wire format and the neutral bank and hands over values. It sees no other ' +
      'standard (each must be removable by deleting its folder), no HTTP, no screen and no database.',
    severity: 'error',
    from: { path: '^src/standards/([^/]+)/', pathNot: inside('standards/kit') },
    to: {
      path: '^src/',
      pathNot: [
        KERNEL,
        face('bank'),
        ...AUTH_TYPES,
        '^src/standards/$1/',
        inside('standards/kit'),
        '^src/standards/standard\\.ts$',
      ],
    },
  },
  only(
    'standards-registry',
    '^src/standards/registry\\.ts$',
    [KERNEL, '^src/standards/standard\\.ts$', '^src/standards/[^/]+/index\\.ts$'],
    'The registry is one line per standard: its index, and nothing inside it.',
  ),
  typesOnly(
    'standards-auth-types',
    inside('standards'),
    inside('auth'),
    'A security profile and a consent view are data that a standard fills in; running code of auth stays out of it.',
  ),
  only(
    'http',
    inside('http'),
    [KERNEL, face('bank'), face('observe'), face('faults'), '^src/standards/standard\\.ts$'],
    'The router serves any standard from its documents and its declared policies; a named one would be a special case.',
  ),
  typesOnly(
    'http-bank-types',
    '^src/http/(?!pipeline/agreement\\.ts$)',
    face('bank'),
    'The router hands Bank on to handlers, so it needs the type only. What a consent means on an account is one pure ' +
      'function of the bank, which the check of the agreement calls.',
  ),
  only(
    'web',
    inside('web'),
    [KERNEL, face('bank'), face('directory'), face('developers'), face('observe'), face('auth/journey')],
    'Screens show a neutral view, so that one consent screen serves every standard. What else they need, sandbox hands them.',
  ),
  {
    name: 'sandbox',
    comment:
      'The composition root knows everything below it and is known by the command line, not the other way round.',
    severity: 'error',
    from: { path: inside('sandbox') },
    to: { path: '^src/(cli/|index\\.ts$)' },
  },
  only(
    'cli',
    inside('cli'),
    [KERNEL, face('sandbox')],
    'The command line is one user of the sandbox among others; what it can do, the library can do.',
  ),
  only(
    'library',
    '^src/index\\.ts$',
    [KERNEL, face('sandbox')],
    'The published face of the package: whatever is reachable from here is promised to stay.',
  ),
];

const OWNERS_OF_TABLES = '^src/(storage|bank|life|directory|developers|observe|faults|auth)/';

const packages = [
  onlyIn(
    'express-where-http-is',
    '^src/(http|auth|web|sandbox)/',
    npm('express', 'helmet', 'swagger-ui-express'),
    'A handler never sees a raw request; what knows Express is listeners, the authorization server and screens.',
  ),
  onlyIn(
    'openapi-at-the-border',
    '^src/(http|sandbox/control)/',
    npm('openapi-backend', 'ajv', 'ajv-formats'),
    'Documents are read and requests validated once, at the border: by the router, and for the control API.',
  ),
  onlyIn(
    'oidc-provider-in-auth',
    inside('auth'),
    npm('oidc-provider'),
    'It is pinned exactly, and its minors change behaviour: one folder to look at when it moves.',
  ),
  onlyIn(
    'jose-where-trust-is',
    '^src/(auth|directory|standards/kit|sandbox|http|cli/demo)/',
    npm('jose'),
    'Signatures are made and checked in few places: a standard gets them from the kit (detached JWS), and the demo signs ' +
      'as the third party that it plays.',
  ),
  onlyIn(
    'x509-where-trust-is',
    '^src/(auth|directory)/',
    npm('@peculiar/[^/]+', 'reflect-metadata'),
    'Certificates are minted by the directory and judged by the authorization server; others get the verdict.',
  ),
  onlyIn(
    'kysely-where-tables-are',
    OWNERS_OF_TABLES,
    npm('kysely'),
    'A module owns its tables; who has none asks the owner instead of the database.',
  ),
  onlyIn(
    'drivers-in-storage',
    inside('storage'),
    `${npm('pg', 'pg-[^/]+')}|^(node:)?sqlite$`,
    'Two databases stay interchangeable because only storage knows which one runs.',
  ),
  onlyIn('commander-in-cli', inside('cli'), npm('commander'), 'Arguments become options once, in the command line.'),
  onlyIn(
    'preact-in-web',
    inside('web'),
    npm('preact', 'preact-render-to-string'),
    'Pages are made in web, so that one design system and one escaping rule hold for all of them.',
  ),
  onlyIn(
    'faker-in-life',
    inside('life'),
    npm('@faker-js/faker'),
    'Invented people and texts change with a minor of faker; that may move a persona, never a balance rule.',
  ),
  {
    name: 'no-development-dependency',
    comment: 'What src imports at run time must be in dependencies, or the packed tarball breaks when it is installed.',
    severity: 'error',
    from: { path: '^src/' },
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['type-only'],
      pathNot: '@types/',
    },
  },
];

const everywhere = [
  {
    name: 'no-circular',
    comment: 'Files in a cycle can only be understood, tested and moved together.',
    severity: 'error',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'A file that nothing imports and that imports nothing is left over, or was never connected.',
    severity: 'error',
    from: { path: '^src/', orphan: true, pathNot: ['/index\\.ts$', '^src/cli/main\\.ts$', '\\.d\\.ts$'] },
    to: {},
  },
  {
    name: 'not-resolvable',
    comment: 'An import that leads nowhere compiles in nobody else’s checkout.',
    severity: 'error',
    from: { path: '^src/' },
    to: { couldNotResolve: true },
  },
  {
    name: 'no-tests-in-src',
    comment: 'Tests may see src; src never sees tests, scripts or what was built.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^(test|scripts|dist)/' },
  },
];

module.exports = {
  forbidden: [...layers, ...packages, ...everywhere],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    // Type imports count: a layer that names a type of another layer depends on it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
