import {
  copyBetweenSchemas,
  dropSchema,
  openPostgres,
  replaceSchema,
  type PostgresAddress,
  type Storage,
  type TableCopy,
} from '../storage/index.js';

/** Where the rows of an ecosystem lie that processes share, and how it starts over without ever being half old and half new. */
export interface WorldHome {
  /** Opens what is there, or makes it. */
  open(): Promise<Storage>;
  /**
   * A place for the new world beside the old one, which nothing has open. `prepare` migrates it; then it gets the rows
   * that are kept.
   */
  begin(tables: readonly TableCopy[], prepare: (open: () => Promise<Storage>) => Promise<void>): Promise<NewWorld>;
  /** One reset at a time of all who share the database. */
  aloneAtReset<T>(work: () => Promise<T>): Promise<T>;
}

/** It moves to the old one's place: closed before `keep`, it is opened again at home. */
export interface NewWorld {
  open(): Promise<Storage>;
  /** The new world is whole and replaces the old one. */
  keep(): Promise<void>;
  /** The old world goes on. Nothing has the new one open. */
  discard(): Promise<void>;
}

/** The name under which a reset is done alone. */
export const RESET = 'reset';

/** In a schema beside it, and renamed in one transaction. */
export function worldHome(address: PostgresAddress): WorldHome {
  const next: PostgresAddress = { ...address, schema: `${address.schema}_next` };
  const open = (): Promise<Storage> => openPostgres(address);
  return {
    open,
    begin: async (tables, prepare) => {
      // What a crash in the middle of a reset left.
      await dropSchema(next);
      await prepare(() => openPostgres(next));
      await copyBetweenSchemas({ from: address, to: next, tables });
      return {
        open: () => openPostgres(next),
        keep: () => replaceSchema(address, next),
        discard: () => dropSchema(next),
      };
    },
    aloneAtReset: async (work) => {
      const storage = await open();
      try {
        // Due work of the others ends before and begins after.
        return await storage.alone(RESET, () => storage.alone('clock', work));
      } finally {
        await storage.close();
      }
    },
  };
}
