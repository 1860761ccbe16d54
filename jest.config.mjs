/** What both databases have in common: a test runs on each of them unless its file says which. */
const common = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2024',
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/postgres/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/postgres/global-teardown.mjs',
};

/** Everything whose rows lie in a database; the rest would only run twice. */
const ON_POSTGRESQL = [
  'bank/**/*',
  'auth/**/*',
  'directory/**/*',
  'observe/**/*',
  'sandbox/clock-driver',
  'life/population-anywhere',
  'journeys/{fapi1,fapi2,storm,clock,consents}',
  'crash/kill',
];

export default {
  testTimeout: 60_000,
  projects: [
    { ...common, displayName: 'sqlite', testMatch: ['**/*.test.ts', '**/*.test.tsx'] },
    {
      ...common,
      displayName: 'postgresql',
      globals: { sandbankDialect: 'postgresql' },
      testMatch: ON_POSTGRESQL.map((files) => `<rootDir>/test/${files}.test.ts`),
    },
  ],
};
