// Rules that come from CONTRIBUTING.md, each with its why in the message. No rule about layout: prettier decides that.
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const NO_CLOCK =
  'Business time comes from the injected Clock (kernel/time.ts), or a moved clock and a seeded run would not reproduce.';
const NO_TIMER =
  'Timers run on wall time. Due work belongs to the schedules of the bank; timers to the listeners, auth and sandbox.';
const NO_ENVIRONMENT = 'Only sandbox/config.ts reads the environment; elsewhere the value is passed in, so tests can.';
const NO_RANDOM =
  'Data comes from the seeded generator of the ecosystem, secrets from node:crypto in auth, directory, sandbox.';

const clockProperties = [
  { object: 'Date', property: 'now', message: NO_CLOCK },
  { object: 'performance', property: 'now', message: NO_CLOCK },
];
const randomProperties = [{ object: 'Math', property: 'random', message: NO_RANDOM }];
const environmentProperties = [{ object: 'process', property: 'env', message: NO_ENVIRONMENT }];

const clockSyntax = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: NO_CLOCK },
  { selector: "CallExpression[callee.name='Date']", message: NO_CLOCK },
];
const timers = ['setTimeout', 'setInterval'].map((name) => ({ name, message: NO_TIMER }));
const timerModules = ['timers', 'node:timers', 'timers/promises', 'node:timers/promises'].map((name) => ({
  name,
  message: NO_TIMER,
}));
const environmentModules = ['process', 'node:process'].map((name) => ({ name, message: NO_ENVIRONMENT }));
const randomModules = ['crypto', 'node:crypto'].map((name) => ({
  name,
  importNames: ['randomUUID', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'webcrypto'],
  message: NO_RANDOM,
}));
const randomSyntax = [
  { selector: "MemberExpression[property.name='randomUUID']", message: NO_RANDOM },
  { selector: "MemberExpression[property.name='getRandomValues']", message: NO_RANDOM },
];

/** A rule with nothing to refuse is off: 'error' alone would keep the list of an earlier, wider entry. */
const refuse = (list) => (list.length > 0 ? ['error', ...list] : 'off');

/** The ban on clock, timers, environment and chance, with what a place is exempt from. */
function banned({ clock = true, environment = true, random = true }) {
  const modules = [
    ...(clock ? timerModules : []),
    ...(environment ? environmentModules : []),
    ...(random ? randomModules : []),
  ];
  return {
    'no-restricted-globals': refuse(clock ? timers : []),
    'no-restricted-imports': modules.length > 0 ? ['error', { paths: modules }] : 'off',
    'no-restricted-properties': refuse([
      ...randomProperties,
      ...(clock ? clockProperties : []),
      ...(environment ? environmentProperties : []),
    ]),
    'no-restricted-syntax': refuse([...(clock ? clockSyntax : []), ...(random ? randomSyntax : [])]),
  };
}

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '.sandbank/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // An async method without await is how a synchronous thing fulfils an asynchronous interface.
      '@typescript-eslint/require-await': 'off',
      // Express and event emitters take handlers whose promise nobody awaits; everything else is still checked.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Rows are read as `get<Row>(sql)`: the parameter states what the border promises, once.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Most objects come from functions and use no `this`, so taking a method off them is safe.
      '@typescript-eslint/unbound-method': 'off',
      // Spreading a string into its code points is what is meant.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      eqeqeq: 'error',
      'no-console': 'error',
      'max-params': ['error', 4],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      ...banned({}),
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true } },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }] },
  },
  // Tables are as long as what they list.
  { files: ['src/**/codes.ts', 'src/**/permissions.ts', 'src/**/coverage.ts'], rules: { 'max-lines': 'off' } },
  // The seams where wall time is right: the clock itself, sockets, proofs that must be fresh, and start and stop.
  { files: ['src/kernel/time.ts', 'src/http/**/*.{ts,tsx}'], rules: banned({ clock: false }) },
  { files: ['src/auth/**/*.ts'], rules: banned({ clock: false, random: false }) },
  { files: ['src/directory/**/*.ts'], rules: banned({ random: false }) },
  { files: ['src/sandbox/**/*.ts'], rules: banned({ clock: false, random: false }) },
  // The command line stands outside the ecosystem: it measures, and its demo is a third party with keys of its own.
  { files: ['src/cli/**/*.ts'], rules: banned({ clock: false, random: false }) },
  { files: ['src/sandbox/config.ts'], rules: banned({ environment: false }) },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      // Bodies of replies are any in supertest; a test that reads a wrong field fails anyway.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    // Plain JavaScript that must run before anything is built. What Node offers is checked by running it.
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { ecmaVersion: 'latest' },
    rules: { 'no-unused-vars': 'error', eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error' },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  {
    // An old Node must be able to parse the bin, so that it can say what is missing.
    files: ['scripts/sandbank.cjs'],
    languageOptions: { ecmaVersion: 5 },
    rules: { 'no-var': 'off', 'prefer-const': 'off', 'no-unused-vars': ['error', { caughtErrors: 'none' }] },
  },
);
