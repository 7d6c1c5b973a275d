// Guessing one-time passwords, outside the sandbox, where limits by address are on: over many links and contacts, from many
// addresses of loopback. What counts is how many guesses the server really compares: the limits allow so many and not one
// more, whoever asks and however many at once. The guesses leave out the right one, so that luck never fails the test; the
// chance is worked out instead. DISBURSE_LONG=1: 100,000 guesses; else 2,000.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Disburse, eventually, startDisburse } from '../harness.mjs';
import { newPhone } from '../e2e/recipient.mjs';
import { below, each } from '../races/crowd.mjs';
import { startMailbox } from './mailbox.mjs';
import { LONG, residentMib, withBystander } from './sockets.mjs';

const TRIES_PER_LINK = 5; // core/limits.hpp
const TRIES_PER_CONTACT = 30;
const TRIES_PER_ADDRESS = 120;
const HANDS = 50;

let server;
let mailbox;
let addresses = 0;
// Another address of 127.0.0.0/8 each time: all of them are this machine's, on Linux.
const newAddress = () => `127.${10 + ((++addresses >> 16) & 63)}.${(addresses >> 8) & 255}.${(addresses & 255) || 1}`;

async function makeMerchant(data) {
  const nobody = new Disburse({ data });
  for (const words of [
    ['merchant', 'create', '--name', 'Example Shop', '--live'],
    ['merchant', 'deposit', '--merchant', '1', '--rupees', '5000000'],
  ]) {
    const { status, text } = await nobody.operator(...words);
    assert.equal(status, 0, text);
  }
  const { text } = await nobody.operator('credential', 'issue', '--merchant', '1', '--dialect', 'razorpay');
  return Object.fromEntries([...text.matchAll(/^  (\w+) +(\S+)$/gm)].map(([, name, value]) => [name, value]));
}

before(async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'disburse-test-'));
  const razorpay = await makeMerchant(data);
  mailbox = await startMailbox();
  const args = ['--rail', 'manual', '--smtp-url', mailbox.url, '--smtp-from', 'payments@example.com', '--smtp-start-tls', 'off'];
  server = await startDisburse({ data, live: true, args });
  server.sandbox = { razorpay };
});
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
  await mailbox.stop();
});

const agents = new Map();
function ask(from, method, target, body, headers = {}) {
  if (!agents.has(from)) agents.set(from, new http.Agent({ keepAlive: true, localAddress: from, maxSockets: 4 }));
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const options = { method, agent: agents.get(from), headers: { 'content-type': 'application/json', 'content-length': text.length, ...headers } };
    const request = http.request(new URL(target, server.url), options, (response) => {
      let got = '';
      response.on('data', (bytes) => (got += bytes));
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(got) }));
    });
    request.on('error', reject);
    request.end(text);
  });
}
const claimPath = (link) => `/api/v1/claims/${link.code}`;

// A link whose password has been sent; asked for from an address that does nothing else.
async function newTarget(phone = newPhone()) {
  const email = `gaurav.kumar+${phone}@example.com`;
  mailbox.passwords.delete(email);
  const link = await server.razorpayLink({ phone, email });
  const answer = await ask(newAddress(), 'POST', `${claimPath(link)}/otp`, { channel: 'email' });
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  const right = await eventually(`a password for ${email}`, () => mailbox.passwords.get(email));
  return { ...link, right, wrong: 0 };
}
const sixDigits = (number) => String(number).padStart(6, '0');
async function guess(link, from) {
  const otp = sixDigits((Number(link.right) + 1 + below(999_999)) % 1_000_000);
  const { body } = await ask(from, 'POST', `${claimPath(link)}/otp/verify`, { otp });
  assert.ok(['otp_wrong', 'otp_locked'].includes(body.code), JSON.stringify(body));
  if (body.code === 'otp_wrong') ++link.wrong;
}
async function attack(links, from, guesses) {
  await each(Array.from({ length: guesses }), HANDS, () => guess(links[below(links.length)], from[below(from.length)]));
  return compared(links);
}
// How many guesses were compared: those that were told to be wrong, and the one that locked a link.
async function compared(links) {
  let count = 0;
  for (const link of links) {
    const { body } = await ask('127.0.0.1', 'GET', claimPath(link));
    assert.equal(body.state, 'open', 'no claim was taken');
    assert.equal(body.otp.verified, false);
    link.locked = body.otp.locked_until !== null;
    count += link.wrong + (link.locked ? 1 : 0);
  }
  return count;
}
async function rightOneIsTooLate(links, from) {
  for (const link of links) {
    const { body } = await ask(from, 'POST', `${claimPath(link)}/otp/verify`, { otp: link.right });
    assert.equal(body.code, 'otp_locked', 'even the right one');
  }
}
const chance = (count) => `${count} guesses were compared: one of them is right with a chance of ${(count / 1e6).toFixed(4)}`;
const many = async (count, make) => {
  const made = [];
  await each(Array.from({ length: count }), 8, async () => made.push(await make()));
  return made;
};

test('guesses over many links from many addresses: five a link are compared', { timeout: 900_000 }, async (t) => {
  const links = await many(LONG ? 600 : 30, () => newTarget());
  const from = Array.from({ length: LONG ? 500 : 40 }, newAddress);
  const guesses = LONG ? 80_000 : 1_200;
  const before = await residentMib(server);
  let count;
  await withBystander(server, async () => (count = await attack(links, from, guesses)));
  assert.equal(count, TRIES_PER_LINK * links.length);
  await rightOneIsTooLate(links.slice(0, 30), newAddress());
  const grown = (await residentMib(server)) - before;
  assert.ok(grown < 64, `${grown} MiB more`);
  t.diagnostic(`of ${guesses} guesses at ${links.length} links ${chance(count)}; ${grown} MiB more`);
});

test('guesses over many links of one contact: thirty a contact are compared', { timeout: 900_000 }, async (t) => {
  const contacts = LONG ? 10 : 2;
  let all = 0;
  for (let i = 0; i < contacts; ++i) {
    const phone = newPhone();
    const links = [];
    while (links.length < 10) links.push(await newTarget(phone));
    const from = Array.from({ length: 20 }, newAddress);
    const count = await attack(links, from, LONG ? 1_000 : 200);
    assert.equal(count, TRIES_PER_CONTACT);
    await rightOneIsTooLate(links, newAddress());
    all += count;
  }
  t.diagnostic(`over ${contacts} contacts ${chance(all)}`);
});

test('guesses over many links from one address: a hundred and twenty are compared', { timeout: 900_000 }, async (t) => {
  const places = LONG ? 10 : 1;
  let all = 0;
  for (let i = 0; i < places; ++i) {
    const links = await many(30, () => newTarget());
    const from = newAddress();
    const count = await attack(links, [from], LONG ? 1_000 : 400);
    assert.equal(count, TRIES_PER_ADDRESS);
    await rightOneIsTooLate(links, from);
    all += count;
    // The address is locked, the people are not.
    const free = links.find((link) => !link.locked);
    assert.equal((await ask(newAddress(), 'POST', `${claimPath(free)}/otp/verify`, { otp: free.right })).status, 200);
  }
  t.diagnostic(`from ${places} addresses ${chance(all)}`);
});

test('tokens that nobody gave claim nothing', async () => {
  const link = await newTarget();
  const hex = (digits) => Array.from({ length: digits }, () => '0123456789abcdef'[below(16)]).join('');
  const details = { method: 'upi', vpa: 'gaurav@okaxis' };
  await each(Array.from({ length: LONG ? 10_000 : 500 }), HANDS, async () => {
    const answer = await ask('127.0.0.1', 'POST', `${claimPath(link)}/submit`, details, { authorization: `Bearer ${hex(72)}` });
    assert.equal(answer.body.code, 'otp_required');
  });
  assert.equal((await ask('127.0.0.1', 'GET', claimPath(link))).body.state, 'open');
});
