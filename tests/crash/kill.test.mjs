// kill -9 at random moments under load: what was acknowledged is there, nothing is paid twice, every webhook arrives.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../harness.mjs';
import { LONG, below } from '../races/crowd.mjs';
import { pause, startStage } from './stage.mjs';

const KILLS = Number(process.env.DISBURSE_CRASH_KILLS ?? (LONG ? 30 : 6));
const LEAST_MS = 100;
const MORE_MS = LONG ? 2_000 : 500;

const didEverything = ({ created, cancelled, claimed }) => created > 0 && cancelled > 0 && claimed > 0;

let stage;
before(async () => (stage = await startStage({ name: 'kill', bankTakesMs: 20 })));
after(() => stage.close());

test(`killed ${KILLS} times under load, it keeps every promise`, async () => {
  for (let round = 0; round < KILLS; ++round) {
    stage.load.start(stage.server);
    // Once, however slow the machine is; from then on a kill may come at any moment.
    if (round === 0) await eventually('everything has been done once', () => didEverything(stage.load.counts), 60_000);
    await pause(LEAST_MS + below(MORE_MS));
    await stage.kill();
    await stage.load.whenGone();
    await stage.comeBack();
  }
  await stage.end();
  assert.ok(didEverything(stage.load.counts), 'the load did nothing');
  assert.equal(stage.load.counts.refused, 0, 'the program refused work before it was killed');
  console.log(`# kill: ${stage.report()}`);
});
