// kill -9 at every named point of the program (src/sys/crash_point.hpp): at the first start, on the way of a write, while
// its consequences are carried out, at checkpoints, while stopping. The program lists the points, so none is forgotten.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binary, startDisburse } from '../harness.mjs';
import { LONG, below } from '../races/crowd.mjs';
import { rows } from './audit.mjs';
import { merchants } from './merchants.mjs';
import { startStage } from './stage.mjs';

const points = execFileSync(binary(), ['crash-points'], { encoding: 'utf8' }).split('\n').filter(Boolean);
const FIRST_START = /^(file|store|migration|account)_/;
const OFTEN = /^(file_|account_part)/; // once for each file or provider
const CHECKPOINT = /^checkpoint_/;
const STOP = /^stop_/;
const ROUNDS = LONG ? 5 : 1;
// Some points are passed often, and the first time is not the only one that counts.
const LATEST_TIME = 12;
const MOST_FILES = 40;
const GONE_WITHIN_MS = 60_000;
// More than what makes a checkpoint begin the log anew: store/sqlite/upkeep.hpp.
const BALLAST_BYTES = 60 << 20;

const skip = points.length ? false : 'this program was built without crash points';

describe('killed at the first start', { skip, concurrency: 2 }, () => {
  for (const point of points.filter((name) => FIRST_START.test(name))) {
    test(`at ${point}, the second start is as good as a first`, async () => {
      assert.ok(await diesAtFirstStart(point, 1), `a first start does not come to ${point}`);
      if (!LONG && OFTEN.test(point)) await diesAtFirstStart(point, 2 + below(2));
      if (!LONG) return;
      let nth = 2;
      while (await diesAtFirstStart(point, nth)) assert.ok(++nth < MOST_FILES, 'it never becomes ready');
    });
  }
});

// False when the program became ready: it comes to the point fewer times.
async function diesAtFirstStart(point, nth) {
  const data = await mkdtemp(path.join(tmpdir(), 'disburse-first-'));
  try {
    const first = await startDisburse({ data, env: { DISBURSE_CRASH_AT: `${point}:${nth}` } }).catch((error) => {
      assert.equal(error.signal, 'SIGKILL', error.message);
      return null;
    });
    const server = first ?? (await startDisburse({ data }));
    if (!first) await isWhole(server);
    await server.stop();
    return first === null;
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

// The merchant of sandbox.json can do everything, and the sandbox's controls are about it and no other.
async function isWhole(server) {
  for (const [n, merchant] of merchants.entries()) {
    const link = { n, reference: `first-${n}`, phone: '9000090000', paise: 10_000, description: 'Order 4711' };
    const answer = await merchant.create(server, link);
    assert.ok(merchant.made(answer), answer.text);
  }
  const before = await available(server);
  assert.equal(before, 1_00_00_000_00, 'the opening balance');
  await server.expect(200, 'POST', '/sandbox/deposits', { body: { amount_paise: 100 } });
  assert.equal(await available(server), before + 100, 'the money went to another merchant');
  await server.ledgerIsRight();
}

async function available(server) {
  const { number } = server.sandbox.merchant;
  return (await rows(server, `select available_paise paise from balances where merchant_id = ${Number(number)}`))[0].paise;
}

describe('killed under load', { skip }, () => {
  let stage;
  before(async () => (stage = await startStage({ name: 'point' })));
  after(() => stage.close());

  // Not before the load has gone on for a while: the point is passed at quiet starts too.
  const dieUnderLoad = async (point, nth, meanwhile) => {
    await stage.kill();
    if (!(await stage.start({ DISBURSE_CRASH_AT: `${point}:${nth}` }))) return;
    stage.load.start(stage.server);
    await meanwhile?.();
    await goneAt(point);
  };
  const goneAt = async (point) => {
    const late = setTimeout(() => stage.server.child.kill('SIGTERM'), GONE_WITHIN_MS);
    assert.equal(await stage.exit(), 'SIGKILL', `the program never came to ${point}`);
    clearTimeout(late);
    await stage.load.whenGone();
  };

  for (const point of points.filter((name) => ![FIRST_START, CHECKPOINT, STOP].some((kind) => kind.test(name)))) {
    test(`at ${point}, it keeps every promise`, async () => {
      for (let round = 0; round < ROUNDS; ++round) {
        await dieUnderLoad(point, 1 + below(LATEST_TIME));
        await stage.comeBack();
      }
    });
  }

  for (const point of points.filter((name) => CHECKPOINT.test(name))) {
    test(`at ${point}, it keeps every promise`, async () => {
      for (let round = 0; round < ROUNDS; ++round) {
        await dieUnderLoad(point, 1, async () => makeTheLogLong(stage.server));
        await stage.comeBack();
      }
    });
  }

  for (const point of points.filter((name) => STOP.test(name))) {
    test(`at ${point}, it keeps every promise`, async () => {
      for (let round = 0; round < ROUNDS; ++round) {
        await stage.kill();
        assert.ok(await stage.start({ DISBURSE_CRASH_AT: point }));
        stage.load.start(stage.server);
        await new Promise((resolve) => setTimeout(resolve, 50 + below(200)));
        stage.server.child.kill('SIGTERM');
        await goneAt(point);
        await stage.comeBack();
      }
    });
  }

  test('at the end all is at rest, and the whole story is right', async () => {
    await stage.end();
    console.log(`# points: ${stage.report()}`);
  });
});

// Another process writes much, so that the program's next commit finds a long log.
function makeTheLogLong(server) {
  const sql = `pragma wal_autocheckpoint = 0; create table if not exists ballast (bytes blob);
    insert into ballast values (zeroblob(${BALLAST_BYTES})); drop table ballast;`;
  execFileSync('sqlite3', ['-cmd', '.timeout 20000', `${server.data}/disburse.db`, sql]);
}
