import { instant, type Clock, type IdScheme } from '../../kernel/index.js';
import { nextId, type SqlTransaction, type Storage } from '../../storage/index.js';
import type { PartyId } from '../parties/index.js';
import type { BankProfile } from '../profile.js';
import type { Message } from './message.js';

/** What a bank sends its customers, kept instead of sent. */
export interface Messages {
  /** Newest first. */
  inbox(id: PartyId): Promise<readonly Message[]>;
  /** Sends in the transaction of the change that the message tells of: a rollback takes it back. */
  send(tx: SqlTransaction, message: Omit<Message, 'id' | 'sentAt'>): Promise<Message>;
}

export interface MessagesOptions {
  readonly bank: BankProfile;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: IdScheme;
}

interface MessageRow {
  readonly id: string;
  readonly party_id: string;
  readonly channel: Message['channel'];
  readonly sent_at: bigint;
  readonly subject: string;
  readonly body: string;
  readonly code: string | null;
  readonly authorisation_id: string | null;
}

/** The simulated phone and mailbox of every customer of one bank. */
export function createMessages({ bank, storage, clock, ids }: MessagesOptions): Messages {
  return {
    async inbox(id) {
      const rows = await storage.read.all<MessageRow>(
        'SELECT * FROM messages WHERE bank = ? AND party_id = ? ORDER BY sequence DESC',
        [bank.id, id],
      );
      return rows.map(toMessage);
    },
    async send(tx, message) {
      const sent: Message = { ...message, id: await nextId(tx, ids, 'message'), sentAt: clock.now() };
      await tx.run(
        `INSERT INTO messages (id, bank, party_id, channel, sent_at, subject, body, code, authorisation_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          sent.id,
          bank.id,
          sent.partyId,
          sent.channel,
          sent.sentAt,
          sent.subject,
          sent.body,
          sent.code ?? null,
          sent.authorisationId ?? null,
        ],
      );
      return sent;
    },
  };
}

function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    partyId: row.party_id,
    channel: row.channel,
    sentAt: instant(Number(row.sent_at)),
    subject: row.subject,
    body: row.body,
    ...(row.code !== null && { code: row.code }),
    ...(row.authorisation_id !== null && { authorisationId: row.authorisation_id }),
  };
}
