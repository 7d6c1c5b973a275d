// A disk that is full, read-only, or has failed: writes are refused in each provider's own words, reads go on, nothing
// that was acknowledged is lost, and a full disk is forgotten as soon as there is room.
import assert from 'node:assert/strict';
import { closeSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually, startDisburse } from '../harness.mjs';
import { LONG, below } from '../races/crowd.mjs';
import { askOtp, look, merchants } from './merchants.mjs';
import { onFailingDisk, onSmallDisk, remount, whereMountable } from './mounts.mjs';
import { pause, startStage } from './stage.mjs';

const ROUNDS = LONG ? 5 : 1;
const LOOKS = 200;

// What taking the filler away must give back, for a test that does so to mean anything.
const LEAST_ROOM = 16 << 20;

// Until not one byte more goes in.
function fill(file) {
  const opened = openSync(file, 'w');
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    const bytes = Buffer.alloc(size);
    try {
      for (;;) assert.ok(writeSync(opened, bytes) > 0);
    } catch (error) {
      assert.equal(error.code, 'ENOSPC');
    }
  }
  closeSync(opened);
  const { size } = statSync(file);
  assert.ok(size > LEAST_ROOM, `the program had left ${size} bytes only: the disk is too small for this test`);
}

const isReady = async (server) => (await server.call('GET', '/health/ready')).status === 200;
const becomesReady = (server) => eventually('it takes writes again, without being asked for one', () => isReady(server));

let serial = 0;
const newLink = () => ({
  n: ++serial,
  reference: `disk-${process.pid}-${serial}`,
  phone: String(7_500_000_000 + serial),
  paise: 10_000,
  description: 'Order 4711',
});
async function make(server, merchant) {
  const link = { ...newLink(), merchant };
  const answer = await merchant.create(server, link);
  const made = merchant.made(answer);
  assert.ok(made, answer.text);
  return Object.assign(link, made);
}
const makeOneOfEach = (server) => Promise.all(merchants.map((merchant) => make(server, merchant)));

async function refusesWrites(server, links) {
  for (const link of links) {
    const { merchant } = link;
    const asked = newLink();
    const created = await merchant.create(server, asked);
    assert.ok(merchant.refusesWrites(created), `${merchant.name}: ${created.status} ${created.text}`);
    const cancelled = await merchant.cancel(server, link);
    assert.ok(merchant.refusesWrites(cancelled), `${merchant.name}: ${cancelled.status} ${cancelled.text}`);
    const password = await askOtp(server, link);
    assert.equal(password.status, 503, password.text);
    assert.equal(password.body.code, 'store_unavailable');
    assert.equal((await merchant.find(server, asked.reference)).length, 0, 'what was refused is not there');
  }
  assert.equal(await isReady(server), false);
  assert.equal((await server.call('GET', '/health/live')).status, 200);
}

async function answersReads(server, links) {
  for (const link of links) {
    assert.equal((await look(server, link)).body?.state, 'open', link.reference);
    const found = await link.merchant.find(server, link.reference);
    assert.deepEqual(found.map(({ id }) => id), [link.id]);
  }
}

async function takesWrites(server, links) {
  for (const link of links) {
    const cancelled = await link.merchant.cancel(server, link);
    assert.ok(link.merchant.cancelled(cancelled), cancelled.text);
    await make(server, link.merchant);
  }
  await server.ledgerIsRight();
}

// How it ended; its folder stays.
function end(server, signal) {
  const ended = new Promise((resolve) => server.child.once('exit', (status, by) => resolve(status ?? by)));
  server.child.kill(signal);
  return ended;
}

const saysAtStart = (data, why) => assert.rejects(startDisburse({ data }), why);
const NO_ROOM = /exited with 1 before it was ready:\ndisburse: .*No space left on device/;
const READ_ONLY = /exited with 1 before it was ready:\ndisburse: .*read-only/i;

whereMountable(import.meta.url, () => {
  describe('a full disk', () => {
    test('writes are refused in the words of each provider, reads go on, and room is enough to go on', () =>
      onSmallDisk(async (disk, started) => {
        const filler = path.join(disk, 'filler');
        const server = started(await startDisburse({ data: path.join(disk, 'data') }));
        const links = await makeOneOfEach(server);
        fill(filler);
        await refusesWrites(server, links);
        await answersReads(server, links);
        rmSync(filler);
        await becomesReady(server);
        await takesWrites(server, links);
      }));

    test('the program can be stopped; a start without room says why, and one with room has everything', () =>
      onSmallDisk(async (disk, started) => {
        const filler = path.join(disk, 'filler');
        const data = path.join(disk, 'data');
        const first = started(await startDisburse({ data }));
        const links = await makeOneOfEach(first);
        fill(filler);
        await refusesWrites(first, links);
        assert.equal(await end(first, 'SIGTERM'), 0);
        rmSync(filler);
        fill(filler);
        await saysAtStart(data, NO_ROOM);
        await saysAtStart(path.join(disk, 'never'), NO_ROOM);
        rmSync(filler);
        const second = started(await startDisburse({ data }));
        await answersReads(second, links);
        await takesWrites(second, links);
      }));

    test('under load, killed and started again while it is full, nothing that was acknowledged is lost', () =>
      onSmallDisk(async (disk) => {
        const stage = await startStage({ name: 'full', data: path.join(disk, 'data'), bankTakesMs: 20 });
        try {
          for (let round = 0; round < ROUNDS; ++round) {
            await fillsUpUnderLoad(stage, path.join(disk, 'filler'), { killed: false });
            await fillsUpUnderLoad(stage, path.join(disk, 'filler'), { killed: true });
          }
          await stage.end();
          console.log(`# full disk: ${stage.report()}`);
        } finally {
          await stage.close();
        }
      }));
  });

  describe('a read-only disk', () => {
    test('the program says why it does not start, and starts when it can write', () =>
      onSmallDisk(async (disk, started) => {
        const data = path.join(disk, 'data');
        const links = [];
        for (const signal of ['SIGKILL', 'SIGTERM']) {
          const server = started(await startDisburse({ data }));
          links.push(...(await makeOneOfEach(server)));
          await end(server, signal);
          remount(disk, 'ro');
          await saysAtStart(data, READ_ONLY);
          await saysAtStart(path.join(disk, 'never'), READ_ONLY);
          remount(disk, 'rw');
        }
        const server = started(await startDisburse({ data }));
        await answersReads(server, links);
        await takesWrites(server, links);
      }));

    test('that failed under the running program: reads go on, and a start on the mended disk has everything', (t) =>
      onFailingDisk(t, async (disk, started) => {
        const data = path.join(disk.folder, 'data');
        const first = started(await startDisburse({ data }));
        const links = await makeOneOfEach(first);
        writeFileSync(disk.trigger, '1');
        await refusesWrites(first, links);
        await answersReads(first, links);
        await end(first, 'SIGTERM');
        disk.mend();
        const second = started(await startDisburse({ data }));
        await answersReads(second, links);
        await takesWrites(second, links);
      }));
  });
});

async function fillsUpUnderLoad(stage, filler, { killed }) {
  const isFull = () => eventually('it says that it is full', async () => !(await isReady(stage.server)));
  stage.load.start(stage.server);
  await pause(200 + below(300));
  fill(filler);
  await isFull();
  await stage.load.stop();
  if (killed) {
    await stage.kill();
    await stage.restart();
    // It may find room in its own log for a little.
    stage.load.start(stage.server);
    await isFull();
    await stage.load.stop();
  }
  await allIsThere(stage);
  rmSync(filler);
  await becomesReady(stage.server);
  await stage.isWhole();
}

// While nothing can be written: looked for, and nothing asked again.
async function allIsThere({ server, load }) {
  for (const link of load.links.filter(({ created }) => created === 'acked').slice(-LOOKS)) {
    const { status, body, text } = await look(server, link);
    assert.equal(status, 200, `${link.reference}, acknowledged, is gone: ${text}`);
    assert.ok(load.allowedStates(link).includes(body.state), `${link.reference} is ${body.state}`);
  }
}
