import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { launchBrowser } from './chromium.js';

const launched = await launchBrowser();
if (!launched.browser) process.stderr.write(`${launched.message}\n`);

(launched.browser ? describe : describe.skip)('the browser of the tests', () => {
  afterAll(() => launched.browser?.close());

  test('opens a page and clicks', async () => {
    const page = await launched.browser!.newPage();
    await page.goto(`data:text/html,<button onclick="this.textContent='clicked'">press</button>`);
    await page.click('button');
    expect(await page.textContent('button')).toBe('clicked');
    await page.close();
  });

  test('draws text', async () => {
    const page = await launched.browser!.newPage();
    await page.goto('data:text/html,<span style="font: 40px sans-serif">Sandbank</span>');
    const box = await page.locator('span').boundingBox();
    expect(box?.width).toBeGreaterThan(100);
    await page.close();
  });

  test('keeps web security on: a page cannot read another origin', async () => {
    const [own, other] = [await listen(), await listen()];
    const page = await launched.browser!.newPage();
    await page.goto(originOf(own));
    const read = (url: string): Promise<string> =>
      page.evaluate(async (address) => {
        try {
          return await (await fetch(address)).text();
        } catch (error) {
          return String(error);
        }
      }, url);
    expect(await read(originOf(own))).toBe('here');
    expect(await read(originOf(other))).toMatch(/Failed to fetch/);
    await page.close();
    await Promise.all([own, other].map((server) => new Promise((closed) => server.close(closed))));
  });
});

async function listen(): Promise<Server> {
  const server = createServer((_request, response) => response.end('here'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
}
