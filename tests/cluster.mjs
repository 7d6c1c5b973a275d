// Several nodes over one database, behind one face: every request goes to one of them, by the dice, as a balancer would
// spread it. What is each node's own in the sandbox is asked of all: the messages, the clock, the simulated bank.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Disburse, eventually, startDisburse } from './harness.mjs';
import { below } from './races/crowd.mjs';

const NODE_LOOPS = '2'; // so that engines of one node meet too
const READY_WITHIN_MS = 60_000;
// What makes a node one of the others: the keys, and whose sandbox it is.
const SHARED_FILES = ['master.key', 'mode', 'sandbox.json'];

export async function startCluster(count, { args = [], store, env = {} }) {
  const shared = [...args, '--store', store, '--node-loops', NODE_LOOPS];
  const wish = { args: shared, env, alone: true };
  const nodes = [await startDisburse(wish)];
  try {
    while (nodes.length < count) {
      const data = await mkdtemp(path.join(os.tmpdir(), 'disburse-test-'));
      for (const file of SHARED_FILES) await copyFile(path.join(nodes[0].data, file), path.join(data, file));
      nodes.push(await startDisburse({ ...wish, data }));
    }
  } catch (error) {
    for (const node of nodes) await node.stop().catch(() => {});
    throw error;
  }
  return new Cluster(nodes, shared);
}

const ASKED_OF_ALL = ['/sandbox/clock', '/sandbox/rail'];

export class Cluster extends Disburse {
  constructor(nodes, args) {
    const { sandbox, data } = nodes[0];
    // The first node's folder is what operators' commands use; nothing of the cluster runs by itself.
    super({ nodes, args, sandbox, data, child: { exitCode: null, signalCode: null }, live: false, under: [] });
  }

  get log() {
    return this.nodes.map((node, i) => `node ${i}:\n${node.log}`).join('\n');
  }
  get url() {
    return this.nodes[0].url;
  }

  async call(method, target, options) {
    if (ASKED_OF_ALL.includes(target)) {
      const answers = await Promise.all(this.nodes.map((node) => node.call(method, target, options)));
      return answers.find(({ status }) => status !== 200) ?? answers[0];
    }
    return this.nodes[below(this.nodes.length)].call(method, target, options);
  }
  async messages(to) {
    const of = await Promise.all(this.nodes.map((node) => node.messages(to)));
    return of.flat().sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  }

  async stop() {
    const ends = await Promise.allSettled(this.nodes.map((node) => node.stop()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }
  async restart(signal) {
    for (const node of this.nodes) await node.restart(signal);
    return this;
  }

  // Whoever is killed comes back over its own folder.
  async killNode(i) {
    const { child } = this.nodes[i];
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }
  async startNode(i) {
    const { data, args } = this.nodes[i];
    this.nodes[i] = await startDisburse({ args, data, alone: true });
  }
  // Every node says by itself that it is.
  async allReady() {
    for (const node of this.nodes) {
      const ready = () => node.call('GET', '/health/ready').then(({ status }) => status === 200, () => false);
      await eventually(`${node.url} is ready`, ready, READY_WITHIN_MS).catch((error) => assert.fail(`${error.message}\n${node.log}`));
    }
  }
}
