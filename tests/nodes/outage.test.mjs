// The database is away for a while: the node says so in each provider's words, soon, and is itself again by itself.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { look, merchants } from '../crash/merchants.mjs';
import { eventually, startDisburse } from '../harness.mjs';
import { startPostgres } from '../postgres.mjs';

const ANSWERED_WITHIN_MS = 30_000; // the promise is ten seconds; this machine may be busy

let postgres;
let server;
const made = new Map();
const newLink = (merchant, n) => ({
  n,
  reference: `outage-${merchant.name}-${n}`,
  phone: String(7_100_000_000 + n),
  paise: 1_000 * (n + 1),
  description: 'Order 4711',
});
const readiness = async () => (await server.call('GET', '/health/ready')).status;

before(async () => {
  postgres = await startPostgres();
  server = await startDisburse({ args: ['--store', (await postgres.newDatabase()).url] });
  for (const merchant of merchants) {
    const link = newLink(merchant, 0);
    const answer = await merchant.create(server, link);
    assert.ok(merchant.made(answer), answer.text);
    made.set(merchant, { ...link, ...merchant.made(answer) });
  }
});
after(async () => {
  await server?.stop();
  await postgres?.stop();
});

describe('while the database is away', () => {
  before(() => postgres.kill());

  for (const merchant of merchants) {
    test(`${merchant.name} is told that it cannot be done now, in its own words`, async () => {
      const began = performance.now();
      const answer = await merchant.create(server, newLink(merchant, 1));
      assert.ok(merchant.refusesWrites(answer), `${answer.status} ${answer.text}`);
      assert.ok(performance.now() - began < ANSWERED_WITHIN_MS, 'in time');
    });
  }
  test('a recipient is, too', async () => {
    const { status, body } = await look(server, made.get(merchants[0]));
    assert.equal(status, 503);
    assert.equal(body.code, 'store_unavailable');
  });
  test('the node lives, and is not ready', async () => {
    await eventually('it is not ready', async () => (await readiness()) === 503);
    assert.equal((await server.call('GET', '/health/live')).status, 200);
  });
});

describe('when the database is there again', () => {
  before(() => postgres.start());

  test('the node is ready by itself', async () => {
    await eventually('it is ready', async () => (await readiness()) === 200);
  });
  for (const merchant of merchants) {
    test(`what ${merchant.name} was refused was not done, and can be done now`, async () => {
      const link = newLink(merchant, 1);
      assert.deepEqual(await merchant.find(server, link.reference), []);
      const answer = await merchant.create(server, link);
      assert.ok(merchant.made(answer), answer.text);
      assert.equal((await look(server, made.get(merchant))).status, 200);
    });
  }
  test('the ledger is right', () => server.ledgerIsRight());
});
