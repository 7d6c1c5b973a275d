// A disk that is full, read-only, or has failed: writes are refused in each provider's own words, reads go on, nothing
// that was acknowledged is lost, and a full disk is forgotten as soon as there is room.
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, rmSync, rmdirSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually, startDisburse } from '../harness.mjs';
import { below } from '../races/crowd.mjs';
import { askOtp, look, merchants } from './merchants.mjs';
import { mount, mountFailing, newFolder, unmount, whereMountable } from './mounts.mjs';
import { pause, startStage } from './stage.mjs';

const ROOM = '24m';

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
}

const health = async (server) => (await server.call('GET', '/health/ready')).status;

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

async function refusesWrites(server, links) {
  for (const link of links) {
    const { merchant } = link;
    const asked = newLink();
    const created = await merchant.create(server, asked);
    assert.ok(merchant.refusesWrites(created), `${merchant.name}: ${created.status} ${created.text}`);
    const cancelled = await merchant.cancel(server, link);
    assert.ok(!merchant.cancelled(cancelled) && !merchant.cancelledBefore(cancelled), cancelled.text);
    const password = await askOtp(server, link);
    assert.equal(password.status, 503, password.text);
    assert.equal(password.body.code, 'store_unavailable');
    assert.equal((await merchant.find(server, asked.reference)).length, 0, 'what was refused is not there');
  }
  assert.equal(await health(server), 503);
}

async function answersReads(server, links) {
  for (const link of links) {
    assert.equal((await look(server, link)).body?.state, 'open', link.reference);
    const found = await link.merchant.find(server, link.reference);
    assert.deepEqual(found.map(({ id }) => id), [link.id]);
  }
}

async function takesWrites(server, links) {
  await eventually('it takes writes again', async () => (await health(server)) === 200);
  for (const link of links) {
    const cancelled = await link.merchant.cancel(server, link);
    assert.ok(link.merchant.cancelled(cancelled), cancelled.text);
    await make(server, link.merchant);
  }
  await server.ledgerIsRight();
}

whereMountable(import.meta.url, () => {
  describe('a full disk', () => {
    let disk;
    before(() => mount('-t', 'tmpfs', '-o', `size=${ROOM}`, 'tmpfs', (disk = newFolder())));
    after(() => unmount(disk));

    test('writes are refused in the words of each provider, reads go on, and room is enough to go on', async () => {
      const filler = path.join(disk, 'filler');
      const server = await startDisburse({ data: path.join(disk, 'quiet') });
      const links = await Promise.all(merchants.map((merchant) => make(server, merchant)));
      fill(filler);
      await refusesWrites(server, links);
      await answersReads(server, links);
      rmSync(filler);
      await takesWrites(server, links);
      await server.stop();
    });

    test('under load and killed while it is full, nothing that was acknowledged is lost', async () => {
      const stage = await startStage({ name: 'full', data: path.join(disk, 'loaded'), bankTakesMs: 20 });
      const filler = path.join(disk, 'filler');
      for (const killed of [false, true]) {
        stage.load.start(stage.server);
        await pause(300 + below(300));
        fill(filler);
        await eventually('it says that it is full', async () => (await health(stage.server)) === 503);
        await stage.load.stop();
        if (killed) {
          await stage.kill();
          await stage.start();
        }
        rmSync(filler);
        await eventually('it takes writes again', async () => (await health(stage.server)) === 200);
        stage.checked += await stage.load.check(stage.server);
      }
      stage.restarts.push(Math.round(stage.lastReadyMs));
      await stage.end();
      console.log(`# ${stage.report()}`);
      await stage.close();
    });
  });

  describe('a read-only disk', () => {
    test('the program says why it does not start, and starts when it can write', async () => {
      const disk = newFolder();
      mount('-t', 'tmpfs', '-o', `size=${ROOM}`, 'tmpfs', disk);
      const data = path.join(disk, 'data');
      let server = await startDisburse({ data });
      const links = await Promise.all(merchants.map((merchant) => make(server, merchant)));
      server.child.kill('SIGKILL');
      await new Promise((resolve) => server.child.once('exit', resolve));
      mount('-o', 'remount,ro', disk);
      await assert.rejects(startDisburse({ data }), /exited with 1 before it was ready:\ndisburse: .*(read-?only|I\/O error)/i);
      mount('-o', 'remount,rw', disk);
      server = await startDisburse({ data });
      await answersReads(server, links);
      await takesWrites(server, links);
      await server.stop();
      unmount(disk);
    });

    test('that failed under the running program: reads go on, and a start on the mended disk has everything', async (t) => {
      const folder = newFolder();
      const disk = path.join(folder, 'disk');
      const image = path.join(folder, 'image');
      mkdirSync(disk);
      const failing = mountFailing(image, disk);
      if (failing) await failsAndIsMended(failing, disk);
      else t.skip('no ext4 on a loop device here');
      rmSync(image, { force: true });
      if (!failing) rmdirSync(disk);
      rmdirSync(folder);
    });
  });
});

async function failsAndIsMended(failing, disk) {
  const data = path.join(disk, 'data');
  let server = await startDisburse({ data });
  const links = await Promise.all(merchants.map((merchant) => make(server, merchant)));
  writeFileSync(failing.trigger, '1');
  await refusesWrites(server, links);
  await answersReads(server, links);
  server.child.kill('SIGTERM');
  await new Promise((resolve) => server.child.once('exit', resolve));
  unmount(disk);
  mkdirSync(disk);
  assert.ok(failing.again());
  server = await startDisburse({ data });
  await answersReads(server, links);
  await takesWrites(server, links);
  await server.stop();
  unmount(disk);
}
