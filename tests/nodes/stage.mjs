// Three nodes under load over one database, with everything around them that outlives them: as tests/crash/stage.mjs, with
// a proxy between the nodes and PostgreSQL that can break their connections.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCluster } from '../cluster.mjs';
import { Load, startGateway } from '../crash/load.mjs';
import { merchants } from '../crash/merchants.mjs';
import { Stage } from '../crash/stage.mjs';
import { startReceiver } from '../e2e/receiver.mjs';
import { startPostgres, startProxy } from '../postgres.mjs';
import { below } from '../races/crowd.mjs';

export const NODES = 3;

export async function startNodesStage({ name, bankTakesMs }) {
  const stage = new NodesStage(await mkdtemp(path.join(tmpdir(), 'disburse-nodes-')), bankTakesMs);
  stage.postgres = await startPostgres();
  stage.proxy = await startProxy(stage.postgres);
  stage.database = (await stage.postgres.newDatabase()).name;
  stage.gateway = await startGateway();
  stage.load = new Load({ dice: below, passwords: stage.gateway.passwords, name, refuses: false, perseveres: true });
  await stage.start();
  for (const merchant of merchants) {
    const receiver = await startReceiver();
    stage.receivers.set(merchant, receiver);
    await stage.server.addEndpoint(merchant.name, receiver.url, merchant.endpoint);
  }
  return stage;
}

class NodesStage extends Stage {
  async start() {
    const args = ['--sms-url', this.gateway.url, '--sandbox-bank-book', this.book];
    this.server = await startCluster(NODES, { args, store: this.proxy.url(this.database) });
    this.server.rows = (sql) => this.postgres.rows(sql, this.database);
    await this.theBankTakesItsTime();
  }
  theBankTakesItsTime() {
    return this.server.bank('settle', { times: 1_000_000, delayMs: this.bankTakesMs });
  }
  async restartNode(i) {
    const began = performance.now();
    await this.server.killNode(i);
    await this.server.startNode(i);
    this.restarts.push(Math.round(performance.now() - began));
    await this.theBankTakesItsTime();
  }

  async close() {
    await super.close();
    await this.proxy?.stop();
    await this.postgres?.stop();
  }
}
