export { createStatements, type Statements, type StatementsOptions } from './create-statements.js';
export type { Statement, StatementTotal } from './statement.js';
