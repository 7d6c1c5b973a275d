// What must be true of the program whenever it has come back, and at the end when everything has come to rest.
//
// The bank's book is a file that the simulated bank writes before it answers, so no crash takes a line of it. The store
// is read with the database's own command, not with the program.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { eventually } from '../harness.mjs';

const AT_REST_WITHIN_MS = 120_000;
const run = promisify(execFile);

export async function rows(server, sql) {
  if (server.rows) return server.rows(sql);
  const { stdout } = await run('sqlite3', ['-readonly', '-json', '-cmd', '.timeout 5000', `${server.data}/disburse.db`, sql], {
    maxBuffer: 256 << 20,
  });
  return stdout.trim() ? JSON.parse(stdout) : [];
}

// What the bank paid, by its key: asked again under a key it pays nothing, so a key counts once.
function paidByKey(book) {
  const paid = new Map();
  if (!existsSync(book)) return paid;
  for (const line of readFileSync(book, 'utf8').trim().split('\n').filter(Boolean)) {
    const [key, , , paise] = line.split(' ');
    assert.ok(!paid.has(key) || paid.get(key) === Number(paise), `the bank was asked for two amounts under ${key}`);
    paid.set(key, Number(paise));
  }
  return paid;
}

// Nothing is paid that is not intended, and no link twice.
export async function nothingIsPaidTwice(server, book) {
  const paid = paidByKey(book);
  const payouts = await rows(server, 'select bank_key, cast(link_id as text) link, amount_paise from payout');
  const byKey = new Map(payouts.map((payout) => [payout.bank_key, payout]));
  assert.equal(byKey.size, payouts.length, 'two payouts share a key');
  const links = new Set();
  for (const [key, paise] of paid) {
    const payout = byKey.get(key);
    assert.ok(payout, `the bank paid ${key}, which was never stored`);
    assert.equal(paise, payout.amount_paise);
    assert.ok(!links.has(payout.link), `link ${payout.link} was paid twice`);
    links.add(payout.link);
  }
  return paid;
}

// Nothing more is on its way to banks, gateways and receivers.
export function comesToRest(server) {
  return eventually(
    'everything is at rest',
    async () => (await rows(server, 'select count(*) n from task where is_timer = 0'))[0].n === 0,
    AT_REST_WITHIN_MS,
  );
}

// The ledger says what the bank's book says, to the paisa.
export async function theLedgerIsTheBanks(server, book) {
  const paid = await nothingIsPaidTwice(server, book);
  const [{ sum }] = await rows(server, 'select coalesce(sum(paid_paise), 0) sum from balances');
  assert.equal(sum, [...paid.values()].reduce((a, b) => a + b, 0));
  const [{ n }] = await rows(server, 'select count(*) n from payout where state not in (select state from payout where ended_at is not null)');
  assert.equal(n, 0, 'a payout is neither settled nor refused');
  await server.ledgerIsRight();
}

// Every link's events have come to the receiver of its provider, in their order. One that was answered when the
// program died comes again, before the next.
export function everyWebhookCame(load, receivers) {
  const told = new Map();
  for (const [merchant, receiver] of receivers) {
    for (const delivery of receiver.got) {
      const { event, about } = merchant.event(delivery);
      const key = `${merchant.name} ${about}`;
      if (!told.has(key)) told.set(key, []);
      if (told.get(key).at(-1) !== event) told.get(key).push(event);
    }
  }
  let count = 0;
  for (const link of load.links) {
    const { tells } = link.merchant;
    const expected = [...tells.made];
    if (link.state === 'cancelled') expected.push(...tells.cancelled);
    if (link.state === 'paid') expected.push(...tells.claimed, ...tells.paid);
    if (link.wasRefused) expected.push(...tells.claimed, ...tells.refused);
    const got = told.get(`${link.merchant.name} ${link.merchant.aboutOf(link)}`) ?? [];
    assert.deepEqual(got, expected, `webhooks of ${link.merchant.name} ${link.reference}, ${link.state}`);
    count += expected.length;
  }
  return count;
}
