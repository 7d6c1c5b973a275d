// Raw connections, for clients that do not keep to the rules, and what the server costs meanwhile.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import net from 'node:net';
import { eventually } from '../harness.mjs';

export const LONG = process.env.DISBURSE_LONG === '1';
const MIB = 1024 * 1024;

// One connection. What comes is kept in `text`, unless nothing is to be read.
export class Socket {
  constructor(server, { from, readsNothing = false } = {}) {
    const { hostname, port } = new URL(server.url);
    this.text = '';
    this.closed = false;
    this.socket = net.connect({ host: hostname, port: Number(port), localAddress: from, allowHalfOpen: true });
    this.socket.setNoDelay(true);
    if (!readsNothing) this.socket.on('data', (bytes) => (this.text += bytes.toString('latin1')));
    this.socket.on('end', () => this.socket.end());
    this.socket.on('error', () => {});
    this.over = new Promise((resolve) => this.socket.once('close', resolve));
    this.over.then(() => (this.closed = true));
    this.connected = new Promise((resolve) => {
      this.socket.once('connect', () => resolve(true));
      this.over.then(() => resolve(false));
    });
  }
  send(bytes) {
    if (!this.closed) this.socket.write(bytes, 'latin1');
    return this;
  }
  finish() {
    this.socket.end();
    return this;
  }
  drop() {
    this.socket.destroy();
    return this.over;
  }
  reset() {
    this.socket.resetAndDestroy();
    return this.over;
  }
  // The statuses of the answers that came, in order. A body may end without a line's end.
  get statuses() {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3}) [A-Z]/g)].map((match) => Number(match[1]));
  }
  answered(count = 1) {
    return eventually(`${count} answers`, () => (this.closed || this.statuses.length >= count) && this, 30_000);
  }
  // Until the server has closed it.
  async ended(withinMs = 60_000) {
    const ended = await Promise.race([
      this.over.then(() => true),
      new Promise((resolve) => setTimeout(resolve, withinMs, false).unref()),
    ]);
    assert.ok(ended, `the server still holds the connection; it answered ${this.text.slice(0, 300)}`);
    return this;
  }
}

// Says these bytes, nothing else, and waits until the server has closed the connection.
export const say = (server, bytes) => new Socket(server).send(bytes).ended();

export async function openAll(server, count, options = {}) {
  const sockets = [];
  // In portions: the queue of connections that wait to be accepted is short.
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(250, count - sockets.length) }, () => new Socket(server, options));
    sockets.push(...some);
    await Promise.all(some.map((one) => one.connected));
  }
  return sockets;
}
export const dropAll = (sockets) => Promise.all(sockets.map((one) => one.drop()));

// ---- what the server costs

export async function residentMib(server) {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)[1]) / 1024);
}
export const peakMib = async (server) => {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)[1]) / 1024);
};
export const descriptors = async (server) => (await readdir(`/proc/${server.child.pid}/fd`)).length;
export const descriptorsFallTo = (server, most) =>
  eventually(`at most ${most} descriptors`, async () => (await descriptors(server)) <= most, 120_000);

// Asks again and again over connections that were open before the trouble began. `slowest` is how long one had to wait.
export class Bystander {
  static async beside(server) {
    const one = new Bystander();
    one.server = server;
    one.slowest = 0;
    one.asked = 0;
    one.stopping = false;
    one.socket = new Socket(server);
    await one.socket.connected;
    one.running = one.run();
    return one;
  }
  async run() {
    while (!this.stopping) {
      const began = performance.now();
      this.socket.text = '';
      this.socket.send('GET /health/ready HTTP/1.1\r\nHost: bystander\r\n\r\n');
      await this.socket.answered();
      assert.deepEqual(this.socket.statuses, [200], this.socket.text);
      this.slowest = Math.max(this.slowest, performance.now() - began);
      ++this.asked;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  async stop() {
    this.stopping = true;
    await this.running;
    await this.socket.drop();
  }
}

// A program under a sanitizer is several times slower, and in the long form who measures is busy with thousands of calls.
const PATIENCE_MS = process.env.DISBURSE_SANITIZED ? 60_000 : LONG ? 20_000 : 5_000;

// Runs the trouble with a bystander, who must have been served all the while.
export async function withBystander(server, trouble, { patienceMs = PATIENCE_MS } = {}) {
  const bystander = await Bystander.beside(server);
  try {
    await trouble(bystander);
  } finally {
    await bystander.stop();
  }
  assert.ok(bystander.asked > 0);
  assert.ok(bystander.slowest < patienceMs, `somebody else waited ${Math.round(bystander.slowest)} ms`);
  return bystander;
}

export const mebibytes = (count) => count * MIB;
