/** Express 5 that writes an object anew as JSON for every request. `node express.mjs <file>` */
import { readFileSync } from 'node:fs';

import express from 'express';

const page = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const app = express();
app.get('/accounts/:id/transactions', (_request, response) => {
  response.type('application/json').send(JSON.stringify(page));
});
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`port ${server.address().port}`);
});
