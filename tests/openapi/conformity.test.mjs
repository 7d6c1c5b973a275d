// Every golden exchange and every golden webhook against the descriptions in docs/openapi/, as the running program serves them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { binary, root, startDisburse } from '../harness.mjs';
import { Description } from './description.mjs';

let folder;
let exchanges;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'disburse-golden-'));
  const program = path.join(path.dirname(binary()), 'test_programs/disburse_golden_test');
  assert.ok(existsSync(program), `${program} is not built`);
  const file = path.join(folder, 'exchanges.jsonl');
  execFileSync(program, ['--gtest_brief=1'], {
    env: { ...process.env, DISBURSE_EXCHANGES: file, DISBURSE_SOURCE_DIR: root, GOLDEN_UPDATE: undefined },
  });
  exchanges = (await readFile(file, 'utf8')).trim().split('\n').map((line) => JSON.parse(line));
});
after(() => rm(folder, { recursive: true, force: true }));

const files = await readdir(path.join(root, 'docs/openapi'));
for (const file of files.filter((name) => name.endsWith('.yaml'))) {
  const dialect = file.replace('.yaml', '');
  describe(file, () => {
    let text;
    let description;
    before(async () => {
      text = await readFile(path.join(root, 'docs/openapi', file), 'utf8');
      description = new Description(parse(text));
    });

    test('is served by the program, byte for byte', async () => {
      const server = await startDisburse();
      try {
        const answer = await server.call('GET', `/api/v1/openapi/${file}`);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('content-type'), 'application/yaml');
        assert.equal(answer.text, text);
      } finally {
        await server.stop();
      }
    });

    test('describes every golden exchange', () => {
      const own = exchanges.filter((one) => one.dialect === dialect && !one.webhook && description.owns(one.target));
      const faults = own.flatMap((one) => description.faultsOfExchange(one));
      assert.deepEqual(faults, []);
      assert.ok(own.length > 0, 'there are none');
      assert.deepEqual(description.neverTaken(), [], 'operations that no golden file has succeed');
    });

    test('describes every golden webhook', () => {
      const told = exchanges.filter((one) => one.dialect === dialect && one.webhook);
      assert.deepEqual(told.flatMap((one) => description.faultsOfWebhook(one)), []);
    });

    test('refuses what is not as it describes', () => {
      const good = exchanges.find((one) => one.dialect === dialect && !one.webhook && one.status === 200 && description.operationOf(one));
      const spoilt = { ...good, answer: JSON.stringify({ ...JSON.parse(good.answer), invented: true }) };
      assert.deepEqual(description.faultsOfExchange(good), []);
      assert.notDeepEqual(description.faultsOfExchange(spoilt), []);
    });
  });
}
