// Small disks for tests. Only root may mount, and a user where namespaces are open to all: `whereMountable` runs a test
// file again inside one. What was started over a disk ends before the disk goes, however the test went.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

// Several times what the store's log takes (store/sqlite/upkeep_plan.hpp): a disk that the log alone has filled has no
// filler to take away.
const ROOM = '256m';

const quiet = (command, ...words) => spawnSync(command, words, { stdio: 'ignore' }).status === 0;
const newFolder = () => mkdtempSync(path.join(tmpdir(), 'disburse-disk-'));
const mount = (...words) => execFileSync('mount', words, { stdio: ['ignore', 'ignore', 'pipe'] });
const unmount = (folder) => execFileSync('umount', [folder], { stdio: ['ignore', 'ignore', 'pipe'] });

// With the source named, mount takes no other option over: in a namespace some may not be given again.
export const remount = (folder, how) => mount('-t', 'tmpfs', '-o', `remount,${how}`, 'tmpfs', folder);

function canMount() {
  const folder = newFolder();
  const can = quiet('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
  if (can) unmount(folder);
  rmdirSync(folder);
  return can;
}

// Defines the file's tests where there can be disks; else one test that says why not.
export function whereMountable(url, define) {
  if (canMount()) return define();
  if (!process.env.DISBURSE_IN_NAMESPACE && quiet('unshare', '--map-root-user', '--mount', 'true')) {
    return test('in a namespace of its own', () => {
      const words = ['--map-root-user', '--mount', process.execPath, fileURLToPath(url)];
      const env = { ...process.env, DISBURSE_IN_NAMESPACE: '1' };
      delete env.NODE_TEST_CONTEXT;
      const { status, stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8', env });
      assert.equal(status, 0, stdout + stderr);
    });
  }
  return test('disks', { skip: 'nothing can be mounted here: neither root nor user namespaces' }, () => {});
}

async function endAll(servers) {
  for (const { child } of servers) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

// use(folder, started): each server that runs over it goes through `started`.
export async function onSmallDisk(use) {
  const folder = newFolder();
  const servers = [];
  mount('-t', 'tmpfs', '-o', `size=${ROOM}`, 'tmpfs', folder);
  try {
    await use(folder, (server) => (servers.push(server), server));
  } finally {
    await endAll(servers);
    unmount(folder);
    rmdirSync(folder);
  }
}

// A disk that can be told that it has failed: ext4 on a loop device. use({ folder, trigger, mend }, started).
export async function onFailingDisk(t, use) {
  const outside = newFolder();
  const image = path.join(outside, 'image');
  const folder = path.join(outside, 'disk');
  const servers = [];
  mkdirSync(folder);
  try {
    execFileSync('truncate', ['-s', '48M', image]);
    const made = quiet('mkfs.ext4', '-q', image) && quiet(...MOUNT_IMAGE, image, folder);
    const trigger = made && triggerOf(image);
    if (!trigger) return t.skip('no ext4 on a loop device here');
    const mend = () => (unmount(folder), mount(...MOUNT_IMAGE.slice(1), image, folder));
    await use({ folder, trigger, mend }, (server) => (servers.push(server), server));
  } finally {
    await endAll(servers);
    quiet('umount', folder);
    rmSync(outside, { recursive: true, force: true });
  }
}
const MOUNT_IMAGE = ['mount', '-o', 'loop,errors=remount-ro'];

function triggerOf(image) {
  const device = execFileSync('losetup', ['-j', image, '-n', '-O', 'NAME'], { encoding: 'utf8' }).trim();
  const trigger = `/sys/fs/ext4/${path.basename(device)}/trigger_fs_error`;
  return existsSync(trigger) ? trigger : null;
}
