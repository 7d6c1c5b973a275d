// A PostgreSQL of the test's own: Debian's version 15, in a temporary folder, on a free port of loopback; and what may
// stand between it and the program: a PgBouncer in transaction mode, and a proxy that breaks connections.
//
// Nothing outlives the test: stop() ends the processes that were started here and takes the folder away. The programs
// refuse to run as root, so root runs them as the user that Debian made for them.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './harness.mjs';

const PROGRAMS = '/usr/lib/postgresql/15/bin';
const READY_WITHIN_MS = 60_000;
const run = promisify(execFile);

// Without synced disks: these tests kill processes, not machines, and what a killed process wrote is written.
const SETTINGS = { fsync: 'off', max_connections: 200, listen_addresses: '127.0.0.1' };

function whoRuns() {
  if (process.getuid() !== 0) return { name: os.userInfo().username, ids: {} };
  const id = (which) => Number(execFileSync('id', [which, 'postgres']).toString());
  return { name: 'postgres', ids: { uid: id('-u'), gid: id('-g') } };
}

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const ended = (child) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', resolve));

export async function startPostgres(settings = {}) {
  const user = whoRuns();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'disburse-postgres-'));
  if (user.ids.uid !== undefined) await chown(folder, user.ids.uid, user.ids.gid);
  const postgres = new Postgres({ user, folder, data: `${folder}/data`, port: await freePort(), settings });
  const options = ['-D', postgres.data, '-A', 'trust', '-U', user.name, '--no-sync', '--encoding=UTF8', '--locale=C'];
  await run(`${PROGRAMS}/initdb`, options, { ...user.ids, cwd: folder });
  await postgres.start();
  return postgres;
}

export class Postgres {
  #databases = 0;

  constructor(parts) {
    Object.assign(this, parts);
  }

  async start() {
    // After kill -9 the old one's children end when they notice; until then it does not start.
    await eventually('PostgreSQL starts', () => this.#tryToStart(), READY_WITHIN_MS);
  }
  async #tryToStart() {
    const settings = Object.entries({ ...SETTINGS, unix_socket_directories: this.folder, ...this.settings });
    const options = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.child = spawn(`${PROGRAMS}/postgres`, ['-D', this.data, '-p', this.port, ...options], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: this.folder,
      ...this.user.ids,
    });
    this.log = '';
    this.child.stderr.on('data', (bytes) => (this.log += bytes));
    while (this.child.exitCode === null && this.child.signalCode === null) {
      if (await this.#answers()) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  }
  #answers() {
    return this.query('select 1').then(() => true, () => false);
  }

  async query(sql, database = 'postgres') {
    const options = ['-h', '127.0.0.1', '-p', this.port, '-U', this.user.name, '-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', sql, database];
    const { stdout } = await run(`${PROGRAMS}/psql`, options, { maxBuffer: 256 << 20 });
    return stdout.trim();
  }
  // The rows as objects, numbers of more than 53 bits as they are written.
  async rows(sql, database) {
    const text = await this.query(`select coalesce(json_agg(t), '[]') from (${sql}) t`, database);
    return JSON.parse(text.replace(/\n/g, ' '));
  }

  // An empty database, and where it is.
  async newDatabase() {
    const name = `disburse_${process.pid}_${++this.#databases}`;
    await this.query(`create database ${name}`);
    return { name, url: this.url(name) };
  }
  url(database, port = this.port) {
    return `postgresql://${this.user.name}@127.0.0.1:${port}/${database}`;
  }

  // As the kernel would end it.
  async kill() {
    this.child.kill('SIGKILL');
    await ended(this.child);
  }
  // As an operator ends it who waits for nobody.
  async shutDown() {
    this.child.kill('SIGINT');
    await ended(this.child);
  }
  async stop() {
    await this.shutDown();
    await rm(this.folder, { recursive: true, force: true });
  }
}

// Between the program and `postgres`, in transaction mode: a connection belongs to a client for one transaction only.
export async function startPgBouncer(postgres, settings = {}) {
  const { user } = postgres;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'disburse-pgbouncer-'));
  const port = await freePort();
  const lines = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: 'transaction',
    max_client_conn: 500,
    default_pool_size: 20,
    ignore_startup_parameters: 'extra_float_digits,options,statement_timeout',
    ...settings,
  };
  const file = `${folder}/pgbouncer.ini`;
  const text = Object.entries(lines).map(([name, value]) => `${name} = ${value}\n`);
  await writeFile(file, `[databases]\n* = host=127.0.0.1 port=${postgres.port} user=${user.name}\n[pgbouncer]\n${text.join('')}`);
  if (user.ids.uid !== undefined) await chown(folder, user.ids.uid, user.ids.gid);
  assert.ok(existsSync('/usr/sbin/pgbouncer'), 'there is no PgBouncer: apt-get install pgbouncer');
  const child = spawn('/usr/sbin/pgbouncer', [file], { stdio: ['ignore', 'pipe', 'pipe'], ...user.ids });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (log += bytes));
  await eventually('PgBouncer listens', () => {
    assert.equal(child.exitCode, null, log);
    return answersAt(port);
  });
  const stop = async () => {
    child.kill('SIGINT');
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  // A statement is prepared on one connection, and executed perhaps on another.
  const url = (database) => `${postgres.url(database, port)}?prepared=off`;
  return { port, stop, url, log: () => log };
}

function answersAt(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

// Passes bytes on between the program and the database, and breaks connections: `breakSome` at once, and `breakCommits`
// when what the program sends has a COMMIT in it, before or after the database has got it.
export async function startProxy(postgres) {
  const pairs = new Set();
  const proxy = { open: true, breakCommits: null, broken: 0, commitsBroken: 0 };
  const end = (pair) => {
    if (!pairs.delete(pair)) return;
    for (const socket of pair) socket.destroy();
  };
  const server = net.createServer((near) => {
    if (!proxy.open) return near.destroy();
    const far = net.connect(postgres.port, '127.0.0.1');
    const pair = [near, far];
    pairs.add(pair);
    const isCommit = commitSeen();
    near.on('data', (bytes) => {
      const breaks = isCommit(bytes) && proxy.breakCommits ? proxy.breakCommits() : null;
      if (breaks) ++proxy.commitsBroken;
      if (breaks === 'before') return end(pair);
      far.write(bytes);
      // The database has the commit, and nobody hears what came of it.
      if (breaks === 'after') far.removeAllListeners('data').once('data', () => end(pair));
    });
    far.on('data', (bytes) => near.write(bytes));
    for (const socket of pair) socket.on('error', () => end(pair)).on('close', () => end(pair));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  proxy.url = (database) => postgres.url(database, port);
  proxy.breakSome = (which = () => true) => {
    for (const pair of [...pairs].filter(which)) {
      ++proxy.broken;
      end(pair);
    }
  };
  proxy.stop = async () => {
    proxy.breakSome();
    await new Promise((resolve) => server.close(resolve));
  };
  return proxy;
}

// Whether somebody sends `commit` here: at once, or under the name that it was prepared under before.
function commitSeen() {
  let name = null;
  return (bytes) => {
    const text = bytes.toString('latin1');
    const prepared = /(s\d+)?\0commit\0/.exec(text);
    name = prepared?.[1] ?? name;
    return prepared !== null || (name !== null && text.includes(`\0${name}\0`));
  };
}

// One for all servers of a test file, when DISBURSE_STORE asks for it; behind a PgBouncer with DISBURSE_PGBOUNCER.
let shared = null;
async function startShared() {
  const postgres = await startPostgres();
  const bouncer = process.env.DISBURSE_PGBOUNCER ? await startPgBouncer(postgres) : null;
  return { postgres, bouncer };
}
export async function sharedDatabase() {
  shared ??= startShared();
  const { postgres, bouncer } = await shared;
  const { name, url } = await postgres.newDatabase();
  return { name, url: bouncer ? bouncer.url(name) : url };
}
export async function stopSharedPostgres() {
  if (!shared) return;
  const { postgres, bouncer } = await shared;
  shared = null;
  if (bouncer) await bouncer.stop();
  await postgres.stop();
}
