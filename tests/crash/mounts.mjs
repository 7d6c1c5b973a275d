// Small disks for tests. Only root may mount, and a user where namespaces are open to all: `whereMountable` runs a test
// file again inside one.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const quiet = (command, ...words) => spawnSync(command, words, { stdio: 'ignore' }).status === 0;

export function newFolder() {
  return mkdtempSync(path.join(tmpdir(), 'disburse-disk-'));
}
export function mount(...words) {
  execFileSync('mount', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}
export function unmount(folder) {
  execFileSync('umount', [folder]);
  rmdirSync(folder);
}

function canMount() {
  const folder = newFolder();
  const can = quiet('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
  if (can) quiet('umount', folder);
  rmdirSync(folder);
  return can;
}

// Defines the file's tests where there can be disks; else one test that says why not.
export function whereMountable(url, define) {
  if (canMount()) return define();
  if (!process.env.DISBURSE_IN_NAMESPACE && quiet('unshare', '--map-root-user', '--mount', 'true')) {
    return test('in a namespace of its own', () => {
      const words = ['--map-root-user', '--mount', process.execPath, '--test', fileURLToPath(url)];
      const env = { ...process.env, DISBURSE_IN_NAMESPACE: '1' };
      delete env.NODE_TEST_CONTEXT;
      const { status, stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8', env });
      assert.equal(status, 0, stdout + stderr);
    });
  }
  return test('disks', { skip: 'nothing can be mounted here' }, () => {});
}

// A file system that can be told that its disk has failed: ext4 on a loop device. None where the kernel has none.
export function mountFailing(image, folder) {
  execFileSync('truncate', ['-s', '48M', image]);
  if (!quiet('mkfs.ext4', '-q', image)) return null;
  const again = () => quiet('mount', '-o', 'loop,errors=remount-ro', image, folder);
  if (!again()) return null;
  const device = execFileSync('losetup', ['-j', image, '-n', '-O', 'NAME'], { encoding: 'utf8' }).trim();
  const trigger = `/sys/fs/ext4/${path.basename(device)}/trigger_fs_error`;
  if (existsSync(trigger)) return { trigger, again };
  quiet('umount', folder);
  return null;
}
