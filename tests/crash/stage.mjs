// A program under load with everything around it that outlives it: receivers, an SMS gateway, the bank's book.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDisburse } from '../harness.mjs';
import { startReceiver } from '../e2e/receiver.mjs';
import { below } from '../races/crowd.mjs';
import { comesToRest, everyWebhookCame, nothingIsPaidTwice, rows, theLedgerIsTheBanks } from './audit.mjs';
import { Load, startGateway } from './load.mjs';
import { merchants } from './merchants.mjs';

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The bank either takes its time, so that some payments are on their way at any moment, and settles all of them; or it
// answers at once, and some accounts are refused.
// `data` is the program's folder, where it is not one of the stage's own.
export async function startStage({ name, bankTakesMs = 0, data = null }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'disburse-crash-'));
  const stage = new Stage(folder, bankTakesMs, data ?? path.join(folder, 'data'));
  stage.listen = `127.0.0.1:${await freePort()}`;
  stage.gateway = await startGateway();
  stage.load = new Load({ dice: below, passwords: stage.gateway.passwords, name, refuses: bankTakesMs === 0 });
  await stage.start();
  for (const merchant of merchants) {
    const receiver = await startReceiver();
    stage.receivers.set(merchant, receiver);
    await stage.server.addEndpoint(merchant.name, receiver.url, merchant.endpoint);
  }
  return stage;
}

// The same for each start, as a real one would be: a program that comes back elsewhere has to write that down.
async function freePort() {
  const probe = net.createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export class Stage {
  receivers = new Map();
  restarts = []; // how long each took to the ready line, in ms
  checked = 0;

  constructor(folder, bankTakesMs, data) {
    this.folder = folder;
    this.bankTakesMs = bankTakesMs;
    this.data = data;
    this.book = path.join(folder, 'bank-book');
  }

  // Over the same folder; true if it became ready. With DISBURSE_CRASH_AT it may be gone before.
  async start(env = {}) {
    const args = ['--sms-url', this.gateway.url, '--sandbox-bank-book', this.book];
    const began = performance.now();
    try {
      this.server = await startDisburse({ args, data: this.data, env, listen: this.listen });
    } catch (error) {
      if (env.DISBURSE_CRASH_AT && error.signal === 'SIGKILL') return false;
      throw error;
    }
    this.lastReadyMs = performance.now() - began;
    if (this.bankTakesMs) await this.server.bank('settle', { times: 1_000_000, delayMs: this.bankTakesMs });
    return true;
  }

  async exit() {
    const { child } = this.server;
    if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
    return child.signalCode ?? child.exitCode;
  }

  async kill() {
    this.server.child.kill('SIGKILL');
    assert.equal(await this.exit(), 'SIGKILL');
  }

  async restart() {
    await this.start();
    this.restarts.push(Math.round(this.lastReadyMs));
  }

  // What the program must be like after any crash.
  async comeBack() {
    await this.restart();
    await this.isWhole();
  }
  async isWhole() {
    this.checked += await this.load.check(this.server);
    await nothingIsPaidTwice(this.server, this.book);
    await this.server.ledgerIsRight();
  }

  // Everything at rest, and the whole story told by every witness.
  async end() {
    const { server, load } = this;
    await comesToRest(server);
    assert.deepEqual(load.missingPasswords().map((link) => link.reference), [], 'a one-time password was never sent');
    this.checked += await load.check(server, { all: true });
    await comesToRest(server);
    await load.check(server, { all: true });
    for (const link of load.links) assert.notEqual(link.state, 'submitted', `${link.reference} is not at rest`);
    await this.noteRefused();
    await theLedgerIsTheBanks(server, this.book);
    this.webhooks = everyWebhookCame(load, this.receivers);
  }

  // A refused payment leaves its link open: whether there was one, only the store can tell.
  async noteRefused() {
    const found = await rows(this.server, 'select distinct reference from link join payout using (merchant_id, link_id) where link.attempts > 0');
    const tried = new Set(found.map((row) => row.reference));
    for (const link of this.load.links) {
      link.wasRefused = link.refused && tried.has(link.reference);
      if (link.claim === 'acked' && link.refused) assert.ok(link.wasRefused, `${link.reference} was submitted and not tried`);
    }
  }

  report() {
    const times = [...this.restarts].sort((a, b) => a - b);
    const { created, cancelled, claimed, lost, refused, repeated } = this.load.counts;
    return (
      `${this.restarts.length} restarts; acknowledged: ${created} creates, ${cancelled} cancels, ${claimed} claims; ` +
      `${lost} answers lost, ${refused} refused, ${repeated} creates repeated; ${this.checked} looks; ` +
      `${this.webhooks} webhooks; ` +
      `ready in ${times[0]}..${times.at(-1)} ms, median ${times[times.length >> 1]} ms`
    );
  }

  async close() {
    if (this.server) await this.server.stop();
    for (const receiver of this.receivers.values()) await receiver.stop();
    await this.gateway.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
