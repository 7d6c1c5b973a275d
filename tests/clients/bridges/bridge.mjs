// Clients in other languages: installed under build/clients, pinned by hashes, and driven line by line.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import readline from 'node:readline';
import { promisify } from 'node:util';
import { root } from '../../harness.mjs';

const run = promisify(execFile);
const here = path.join(root, 'tests/clients/bridges');
const place = path.join(root, 'build/clients');
const INSTALLED_WITHIN_MS = 300_000;

// Runs `install` unless it succeeded before with the same files.
async function once(folder, files, install) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  const stamp = path.join(folder, '.installed');
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await install();
  await writeFile(stamp, wanted);
}

// What starts the bridge. Throws when the client cannot be installed here; the message is why.
export async function python() {
  const folder = path.join(place, 'python');
  const requirements = path.join(here, 'python/requirements.txt');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes', '--only-binary=:all:'];
  await once(folder, [requirements], () =>
    run('python3', [...pip, '--target', folder, '-r', requirements], { timeout: INSTALLED_WITHIN_MS }));
  return { command: ['python3', path.join(here, 'python/bridge.py')], env: { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' } };
}

export async function go() {
  const folder = path.join(place, 'go');
  const sources = ['bridge.go', 'go.mod', 'go.sum'].map((file) => path.join(here, 'go', file));
  const program = path.join(folder, 'bridge');
  await once(folder, sources, async () => {
    const [mod, cache] = ['mod', 'cache'].map((name) => path.join(folder, name));
    await run('go', ['build', '-modcacherw', '-mod=readonly', '-o', program, '.'], {
      cwd: path.join(here, 'go'),
      timeout: INSTALLED_WITHIN_MS,
      env: { ...process.env, GOMODCACHE: mod, GOCACHE: cache, GOTOOLCHAIN: 'local', GOFLAGS: '' },
    });
    // The program is all that is wanted; what it was made of is a hundred megabytes.
    await Promise.all([mod, cache].map((one) => rm(one, { recursive: true, force: true })));
  });
  return { command: [program], env: {} };
}

export class Bridge {
  constructor({ command, env }, start) {
    this.child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    this.lines = readline.createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.say(start);
  }
  say(what) {
    this.child.stdin.write(`${JSON.stringify(what)}\n`);
  }
  async ask(what) {
    this.say(what);
    const { value, done } = await this.lines.next();
    assert.ok(!done, `the client ended at ${JSON.stringify(what)}`);
    return JSON.parse(value);
  }
  async answer(what) {
    const told = await this.ask(what);
    assert.equal(told.error, undefined, `${JSON.stringify(what)}: ${told.message}`);
    return told.answer;
  }
  stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin.end();
    return ended;
  }
}
