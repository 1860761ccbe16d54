import { appendOnly, type ModuleMigrations } from '../../storage/index.js';

const QUOTES = [
  `CREATE TABLE exchange_quotes (
     id TEXT PRIMARY KEY,
     bank TEXT NOT NULL,
     sell TEXT NOT NULL,
     buy TEXT NOT NULL,
     rate INTEGER NOT NULL CHECK (rate > 0),
     made_at INTEGER NOT NULL,
     valid_until INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
  ...appendOnly({ table: 'exchange_quotes', key: ['id'], because: 'a quote is what the bank said' }),
];

export const exchangeMigrations: ModuleMigrations = {
  module: 'bank-exchange',
  steps: {
    '001-quotes': async (tx) => {
      for (const sql of QUOTES) await tx.run(sql);
    },
  },
};
