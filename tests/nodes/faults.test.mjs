// Nodes, the database and the connections between them fail at random under load: what was acknowledged is there, nothing
// is paid twice, every webhook arrives, and all nodes are ready again by themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pause } from '../crash/stage.mjs';
import { eventually } from '../harness.mjs';
import { LONG, below, shuffled } from '../races/crowd.mjs';
import { NODES, startNodesStage } from './stage.mjs';

const ROUNDS = Number(process.env.DISBURSE_NODE_FAULTS ?? (LONG ? 40 : 5));
const LEAST_MS = 200;
const MORE_MS = LONG ? 2_000 : 300;
const COMMITS_BROKEN = 4; // in one fault, about: each is a lost answer

const didEverything = ({ created, cancelled, claimed }) => created > 0 && cancelled > 0 && claimed > 0;
const done = ({ counts: { created, cancelled, claimed } }) => created + cancelled + claimed;

const faults = {
  'a node is killed': (stage) => stage.restartNode(below(NODES)),
  'the database is killed': async (stage) => {
    await stage.postgres.kill();
    await pause(below(LEAST_MS));
    await stage.postgres.start();
  },
  'the database is restarted': async (stage) => {
    await stage.postgres.shutDown();
    await stage.postgres.start();
  },
  'connections break': async (stage) => stage.proxy.breakSome(() => below(2) === 0),
  'connections break in mid commit': async (stage) => {
    const { proxy } = stage;
    const until = proxy.commitsBroken + COMMITS_BROKEN;
    proxy.breakCommits = () => (below(4) === 0 ? ['before', 'after'][below(2)] : null);
    await eventually('commits break', () => proxy.commitsBroken >= until, 60_000);
    proxy.breakCommits = null;
  },
};

let stage;
before(async () => (stage = await startNodesStage({ name: 'faults', bankTakesMs: 20 })));
after(() => stage?.close());

// Each kind comes before any comes again.
function* inTurns() {
  for (;;) yield* shuffled(Object.keys(faults));
}

test(`${ROUNDS} faults under load: every promise is kept`, { timeout: 1_800_000 }, async (t) => {
  const names = inTurns();
  const came = {};
  for (let round = 0; round < ROUNDS; ++round) {
    const name = names.next().value;
    came[name] = (came[name] ?? 0) + 1;
    stage.load.start(stage.server);
    if (round === 0) await eventually('everything has been done once', () => didEverything(stage.load.counts), 60_000);
    await pause(LEAST_MS + below(MORE_MS));
    await faults[name](stage);
    await stage.server.allReady();
    const before = done(stage.load);
    await eventually(`work goes on after this: ${name}`, () => done(stage.load) > before + NODES, 60_000);
    await stage.load.stop();
    await stage.isWhole();
  }
  await stage.end();
  assert.ok(didEverything(stage.load.counts), 'the load did nothing');
  t.diagnostic(Object.entries(came).map(([name, count]) => `${name}: ${count}`).join(', '));
  t.diagnostic(`${stage.proxy.commitsBroken} commits lost their connection; ${stage.report()}`);
});
