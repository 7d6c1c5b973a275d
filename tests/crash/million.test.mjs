// How soon the program is ready again after a kill -9 under load, with a million links in its store. Only in the long
// form, `./dev crash`: to fill the store takes minutes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { binary, startDisburse } from '../harness.mjs';
import { LONG, below } from '../races/crowd.mjs';
import { rows } from './audit.mjs';
import { pause, startStage } from './stage.mjs';

const LINKS = Number(process.env.DISBURSE_CRASH_LINKS ?? 1_000_000);
const KILLS = 7;
const READY_WITHIN_MS = 2_000;

const filler = path.join(path.dirname(binary()), 'bench', 'disburse_fill');
const why = !LONG ? 'the long form: ./dev crash' : !existsSync(filler) && `${filler} is not built`;

test(`with ${LINKS} links it is ready again within ${READY_WITHIN_MS} ms`, { skip: why || false }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'disburse-million-'));
  const data = path.join(folder, 'data');
  try {
    await fillTheStore(data);
    const stage = await startStage({ name: 'million', bankTakesMs: 20, data });
    try {
      await killAgainAndAgain(stage);
    } finally {
      await stage.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

// Before there is a receiver, which would be told of each link.
async function fillTheStore(data) {
  const first = await startDisburse({ data });
  const ended = new Promise((resolve) => first.child.once('exit', resolve));
  first.child.kill('SIGTERM');
  assert.equal(await ended, 0);
  const began = performance.now();
  execFileSync(filler, [data, String(LINKS)], { stdio: 'inherit' });
  console.log(`# ${LINKS} links made in ${Math.round((performance.now() - began) / 1000)} s`);
}

async function killAgainAndAgain(stage) {
  for (let n = 0; n < KILLS; ++n) {
    stage.load.start(stage.server);
    await pause(500 + below(1_500));
    await stage.kill();
    await stage.load.whenGone();
    await stage.comeBack();
    console.log(`# with ${LINKS} links: ready after ${stage.restarts.at(-1)} ms`);
  }
  const [{ n }] = await rows(stage.server, 'select count(*) n from link');
  assert.ok(n >= LINKS, `of ${LINKS} links there are ${n}`);
  await stage.end();
  console.log(`# with ${n} links: ${stage.report()}`);
  const median = [...stage.restarts].sort((a, b) => a - b)[KILLS >> 1];
  assert.ok(median < READY_WITHIN_MS, `the median of ${KILLS} restarts is ${median} ms`);
}
