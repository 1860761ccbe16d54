export { createMessages, type Messages, type MessagesOptions } from './create-messages.js';
export type { Message } from './message.js';
export { messagesMigrations } from './migrations.js';
