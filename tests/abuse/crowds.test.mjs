// Many clients that want nothing good: slow, silent, greedy, or gone. Everybody else is served meanwhile, memory stays
// within what wire/server.hpp says, and every descriptor comes back. DISBURSE_LONG=1: more of them, and until the last
// time limit has run out.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, afterEach, before, test } from 'node:test';
import { eventually, startDisburse } from '../harness.mjs';
import { startReceiver } from '../e2e/receiver.mjs';
import { LONG, Socket, descriptors, descriptorsFallTo, dropAll, openAll, residentMib, withBystander } from './sockets.mjs';

// Malloc keeps some of what it got, and pages are counted late.
const SLACK_MIB = 48;
const BUFFERED_MIB = 64; // ServerLimits::buffered_bytes
const CONNECTIONS = 10_000; // ServerLimits::connections
let server;
let descriptorsAtFirst;
let residentAtFirst;
before(async () => {
  server = await startDisburse();
  await server.expect(200, 'GET', '/health/ready');
  descriptorsAtFirst = (await descriptors(server)) + 2; // for a look-up's own connections
  residentAtFirst = await residentMib(server);
});
afterEach(() => descriptorsFallTo(server, descriptorsAtFirst));
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
});
const stayedWithin = async (mib, what) => {
  // A sanitizer's own memory grows with the program's, and hides it.
  if (process.env.DISBURSE_SANITIZED) return;
  const grown = (await residentMib(server)) - residentAtFirst;
  assert.ok(grown < mib + SLACK_MIB, `${what}: ${grown} MiB more than at the start`);
};
const drip = (sockets, text, at, everyMs, over) => {
  let place = at;
  const timer = setInterval(() => {
    for (const one of sockets) one.send(text[place % text.length]);
    if (++place > 100_000 || over()) clearInterval(timer);
  }, everyMs);
  return () => clearInterval(timer);
};

test('heads that come byte by byte are cut off, and nobody else waits', { timeout: 120_000 }, async () => {
  await withBystander(server, async () => {
    const sockets = await openAll(server, LONG ? 2_000 : 500);
    const stop = drip(sockets, `GET / HTTP/1.1\r\nX-A: ${'b'.repeat(100_000)}`, 0, 250, () => false);
    await Promise.all(sockets.map((one) => one.ended()));
    stop();
    for (const one of sockets) assert.ok(one.statuses.every((status) => status === 400 || status === 408), one.text);
  });
});

test('bodies that come byte by byte are cut off, and nobody else waits', { timeout: 180_000 }, async () => {
  await withBystander(server, async () => {
    const sockets = await openAll(server, LONG ? 2_000 : 500);
    for (const one of sockets) one.send('POST /v1/payout-links HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n{"a":"');
    const stop = drip(sockets, 'b', 0, 250, () => false);
    // The short form does not wait for the thirty seconds to run out.
    if (LONG) await Promise.all(sockets.map((one) => one.ended(120_000)));
    else await new Promise((resolve) => setTimeout(resolve, 1_000));
    stop();
    await dropAll(sockets);
  });
});

test('bodies that never end take no more memory than the server has for all of them', { timeout: 180_000 }, async () => {
  const body = 'x'.repeat(1_000_000);
  await withBystander(server, async () => {
    const sockets = await openAll(server, LONG ? 2_000 : 200);
    for (const chunks of [false, true]) {
      const head = chunks ? `Transfer-Encoding: chunked\r\n\r\nfffff\r\n` : 'Content-Length: 1048576\r\n\r\n';
      for (const [i, one] of sockets.entries()) {
        if (i % 2 === Number(chunks)) one.send(`POST /nowhere HTTP/1.1\r\nHost: x\r\n${head}${body}`);
      }
    }
    // Some are refused, some are still waited for.
    await Promise.all(sockets.slice(0, 20).map(() => server.expect(200, 'GET', '/health/ready')));
    await refusedAre(sockets, 503, sockets.length - Math.ceil((BUFFERED_MIB * 1024 * 1024) / body.length) - 10);
    await stayedWithin(BUFFERED_MIB, 'bodies');
    await dropAll(sockets);
  });
  await server.expect(200, 'GET', '/health/ready');
});
async function refusedAre(sockets, status, least) {
  const end = Date.now() + 60_000;
  const count = () => sockets.filter((one) => one.statuses.includes(status)).length;
  while (count() < least) {
    assert.ok(Date.now() < end, `${count()} of ${sockets.length} were refused with ${status}, not ${least}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('answers that nobody reads take no more memory than the server has for all of them', { timeout: 180_000 }, async () => {
  const page = 'GET /c/-/claim.css HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(500);
  await withBystander(server, async () => {
    // Each is worth a second of a program under ThreadSanitizer.
    const few = process.env.DISBURSE_SANITIZED ? 40 : 400;
    const sockets = await openAll(server, LONG ? 2_000 : few, { readsNothing: true });
    for (const one of sockets) one.send(page);
    for (let i = 0; i < 20; ++i) {
      await server.expect(200, 'GET', '/health/ready');
      await new Promise((resolve) => setTimeout(resolve, 50));
      await stayedWithin(BUFFERED_MIB, 'answers');
    }
    // A client that reads nothing does not learn that it was cut off: the server's descriptors tell. The bystander has one.
    if (LONG) await descriptorsFallTo(server, descriptorsAtFirst + 1);
    await dropAll(sockets);
  });
});

const mayHave = () => Number(execFileSync('bash', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim()) || Infinity;
const tooFew = mayHave() < CONNECTIONS + 500 && `a process may have ${mayHave()} descriptors here`;

test('ten thousand silent connections: the next is turned away, the others are served', { timeout: 180_000, skip: tooFew }, async () => {
  await withBystander(server, async () => {
    // One of them the bystander has.
    const silent = await openAll(server, CONNECTIONS - 1);
    const last = await new Socket(server).ended();
    // It may be that the first were cut off while the last were made: then there was room for it.
    if (!silent.some((one) => one.closed)) assert.deepEqual(last.statuses, [503], last.text);
    await stayedWithin(8 * 10, 'ten thousand connections');
    await Promise.all(silent.map((one) => one.ended()));
  });
  await server.expect(200, 'GET', '/health/ready');
});

test('connections that come and go in every way leave nothing behind', { timeout: 180_000 }, async () => {
  const ways = [
    (one) => one.drop(),
    (one) => one.reset(),
    (one) => one.send('GET /hea').reset(),
    (one) => one.send('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n').reset(),
    (one) => one.send('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n').ended(),
    (one) => one.send('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n').finish().ended(),
    (one) => one.send('POST /v1/payout-links HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n{').drop(),
    (one) => one.send('\x16\x03\x01').ended(),
  ];
  const before = await residentMib(server);
  await withBystander(server, async () => {
    const rounds = LONG ? 200 : 20;
    for (let round = 0; round < rounds; ++round) {
      const sockets = await openAll(server, ways.length * 20);
      await Promise.all(sockets.map((one, i) => ways[i % ways.length](one)));
    }
  });
  assert.ok((await residentMib(server)) - before < SLACK_MIB);
});

// ---- file descriptors

const HARD = mayHave();
const health = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';

test('a program that was started with few descriptors asks for more', { skip: HARD < 4_096 && `a process may have ${HARD} here` }, async () => {
  const few = await startDisburse({ under: ['prlimit', `--nofile=256:${Number.isFinite(HARD) ? HARD : 'unlimited'}`] });
  try {
    const sockets = await openAll(few, 600);
    for (const one of sockets) one.send(health);
    for (const one of sockets) assert.deepEqual((await one.answered()).statuses, [200]);
    await dropAll(sockets);
  } finally {
    await few.stop();
  }
});

test('a program that gets no more descriptors keeps half of them for its own work', async () => {
  const few = await startDisburse({ under: ['prlimit', '--nofile=512:512'] });
  const receiver = await startReceiver();
  try {
    await few.addEndpoint('razorpay', receiver.url);
    const sockets = await openAll(few, 400);
    for (const one of sockets) one.send(health);
    for (const one of sockets) await one.answered();
    const served = sockets.filter((one) => one.statuses[0] === 200);
    assert.ok(served.length >= 200 && served.length <= 256, `${served.length} were served`);
    // The others were turned away in words, or closed while they still spoke.
    for (const one of sockets) assert.ok(served.includes(one) || one.closed || one.statuses[0] === 503);
    await dropAll(served.splice(0, 10));
    // The clients' half is in use, or nearly, and a webhook finds its descriptor.
    await eventually('a link is made', async () => (await few.razorpayLink().catch(() => null)) !== null);
    await receiver.waitFor(1);
    await dropAll(sockets);
  } finally {
    await receiver.stop();
    await few.stop();
  }
});

// ---- passwords

test('a thousand wrong passwords: few wait, and a program gets its token meanwhile', { timeout: 120_000 }, async () => {
  const guess = (i) =>
    server.call('POST', '/oauth/token', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'password', scope: 'create_payout_transactions', client_id: server.sandbox.payu.public_client_id,
        username: server.sandbox.payu.username, password: `guess-${i}`,
      }).toString(),
    });
  await withBystander(server, async () => {
    const guesses = Promise.all(Array.from({ length: LONG ? 5_000 : 1_000 }, (_, i) => guess(i)));
    for (let i = 0; i < 5; ++i) assert.match(await server.payuToken(), /^[0-9a-f]{64}$/);
    const answers = await guesses;
    const refused = answers.filter((answer) => answer.status === 429);
    assert.ok(refused.length > 0, 'more than may wait');
    for (const answer of answers) assert.ok([400, 401, 429].includes(answer.status), `${answer.status} ${answer.text}`);
    assert.ok(answers.every((answer) => !answer.text.includes('access_token')));
  });
});
