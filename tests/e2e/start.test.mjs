// Starting, stopping, options and operator commands.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { binary, eventually, startDisburse } from '../harness.mjs';
import { startReceiver } from './receiver.mjs';

let folder;
before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'disburse-start-'))));
after(() => rm(folder, { recursive: true, force: true }));

async function run(...words) {
  const child = spawn(binary(), words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (bytes) => (text += bytes));
  child.stderr.on('data', (bytes) => (text += bytes));
  // What should have been refused must not serve for ever.
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const status = await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(timer);
  return { status, text };
}

describe('options', () => {
  test('--help and --version answer', async () => {
    assert.match((await run('--version')).text, /^\d+\.\d+\.\d+/);
    for (const words of [['--help'], ['serve', '--help'], ['credential', 'issue', '--help']]) {
      const { status, text } = await run(...words);
      assert.equal(status, 0);
      assert.match(text, /Options:/);
    }
  });

  const wrong = [
    [['serve', '--sandbox', '--listen', 'nowhere'], '--listen'],
    [['serve', '--sandbox', '--listen', '127.0.0.1:99999'], '--listen'],
    [['serve', '--sandbox', '--listen', '0.0.0.0:0'], '--listen'],
    [['serve', '--sandbox', '--listen', '127.0.0.1:80x'], '--listen'],
    [['serve', '--sandbox', '--listen', ':8080'], '--listen'],
    [['serve', '--sandbox', '--listen', '[::]:0'], '--listen'],
    [['serve', '--rail', 'manual', '--store', 'memory:'], '--store'],
    [['serve', '--sandbox', '--smtp-url', 'smtp://127.0.0.1', '--smtp-from', 'a@example.com', '--smtp-start-tls', 'maybe'],
      '--smtp-start-tls'],
    [['serve', '--sandbox', '--sms-url', 'http://127.0.0.1/', '--sms-header', 'X-Key=abc'], '--sms-header'],
    [['serve', '--sandbox', '--sms-url', 'ftp://127.0.0.1/'], '--sms-url is not'],
    [['serve', '--sandbox', '--tls-cert', 'x.pem'], '--tls-cert'],
    [['serve', '--sandbox', '--store', 'nonsense'], '--store'],
    [['serve', '--sandbox', '--public-url', 'pay.example.com'], '--public-url'],
    [['serve', '--sandbox', '--log-format', 'loud'], '--log-format'],
    [['serve', '--sandbox', '--sms-url', 'http://127.0.0.1/', '--sms-body-kind', 'prose'], '--sms-body-kind'],
    [['serve'], '--rail'],
    [['serve', '--rail', 'sandbox'], '--rail'],
    [['serve', '--rail', 'no-such-bank'], '--rail'],
    [['serve', '--no-such-option'], '--no-such-option'],
    [['serve', '--sandbox', '--config', '/nonexistent.toml'], 'config'],
  ];
  for (const [words, option] of wrong) {
    test(`${words.join(' ')} is refused by name, with status 2`, async () => {
      const { status, text } = await run(...words, '--data', path.join(folder, 'wrong'));
      assert.equal(status, 2, text);
      assert.ok(text.includes(option), text);
    });
  }

  test('a configuration file has the same names', async () => {
    const config = path.join(folder, 'disburse.toml');
    await writeFile(config, 'public-url = "https://pay.example.com"\nlog-format = "json"\n');
    const server = await startDisburse({ args: ['--config', config] });
    assert.equal(server.url, 'https://pay.example.com', 'the ready line has the public URL');
    await server.stop();
    await writeFile(config, 'listen = [1, 2]\n');
    const broken = await run('serve', '--sandbox', '--config', config, '--data', path.join(folder, 'broken'));
    assert.equal(broken.status, 2, broken.text);
    for (const text of ['no-such-option = 1\n', 'config = "x.toml"\n', 'sandbox-anywhere = "perhaps"\n']) {
      await writeFile(config, text);
      const refused = await run('serve', '--sandbox', '--config', config, '--data', path.join(folder, 'broken'));
      assert.equal(refused.status, 2, refused.text);
      assert.ok(refused.text.includes(text.split(' ')[0]), refused.text);
    }
    await writeFile(config, 'listen = \n');
    assert.equal((await run('serve', '--sandbox', '--config', config, '--data', path.join(folder, 'broken'))).status, 2);
  });
});

describe('outside the sandbox', () => {
  test('there are no controls, and the store is where it was asked to be', async () => {
    const data = await mkdtemp(path.join(tmpdir(), 'disburse-live-'));
    const args = ['--rail', 'manual', '--store', `sqlite:${data}/elsewhere.db`];
    const server = await startDisburse({ data, args, live: true, listen: 'localhost:0' });
    try {
      await server.expect(200, 'GET', '/health/ready');
      assert.match(server.url, /^http:\/\/127\.0\.0\.1:/);
      await server.expect(404, 'POST', '/sandbox/clock', { body: { advance_seconds: 1 } });
      await assert.rejects(stat(path.join(data, 'sandbox.json')));
      assert.ok((await stat(path.join(data, 'elsewhere.db'))).size > 0);
    } finally {
      await server.stop();
    }
  });
});

describe('the sandbox', () => {
  test('forgets everything at its end when its store is in memory', async () => {
    const server = await startDisburse({ args: ['--store', 'memory:'] });
    try {
      const { code } = await server.razorpayLink();
      await assert.rejects(stat(path.join(server.data, 'disburse.db')));
      await server.restart();
      await server.expect(404, 'GET', `/api/v1/claims/${code}`);
    } finally {
      await server.stop();
    }
  });

  test('sandbox.json is its owner’s alone and is kept; the folder is never used for real money', async () => {
    const server = await startDisburse();
    try {
      const file = path.join(server.data, 'sandbox.json');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.equal((await stat(path.join(server.data, 'master.key'))).mode & 0o777, 0o600);
      const first = JSON.parse(await readFile(file, 'utf8'));
      assert.equal(first.base_url, server.url);
      assert.equal(first.payu.payout_merchant_id, '1111122');
      await server.restart();
      const second = JSON.parse(await readFile(file, 'utf8'));
      assert.deepEqual({ ...second, base_url: '' }, { ...first, base_url: '' });
      assert.equal(second.base_url, server.url);
      const live = await run('serve', '--rail', 'manual', '--listen', '127.0.0.1:0', '--data', server.data);
      assert.equal(live.status, 2, live.text);
      assert.match(live.text, /sandbox/);
    } finally {
      await server.stop();
    }
  });

  test('health and metrics answer', async () => {
    const server = await startDisburse();
    try {
      await server.expect(200, 'GET', '/health/live');
      await server.expect(200, 'GET', '/health/ready');
      await server.razorpayLink();
      const { text } = await server.call('GET', '/metrics');
      assert.match(text, /^disburse_commits_total [1-9]/m);
    } finally {
      await server.stop();
    }
  });

  test('the controls say what they take, and do nothing else', async () => {
    const server = await startDisburse();
    try {
      const wrong = [
        ['GET', '/sandbox/clock', undefined, 405],
        ['POST', '/sandbox/messages', {}, 405],
        ['POST', '/sandbox/clock', '[]', 400],
        ['POST', '/sandbox/clock', '{', 400],
        ['POST', '/sandbox/clock', { advance_seconds: -1 }, 400],
        ['POST', '/sandbox/clock', { advance_seconds: 0.5 }, 400],
        ['POST', '/sandbox/deposits', { amount_paise: 0 }, 400],
        ['POST', '/sandbox/deposits', { amount_paise: '1' }, 400],
        ['POST', '/sandbox/deposits', { amount_paise: Number.MAX_SAFE_INTEGER }, 400, 409],
        ['POST', '/sandbox/merchants', { name: '' }, 400],
        ['POST', '/sandbox/merchants', { name: 'n'.repeat(10_000) }, 400],
        ['POST', '/sandbox/rail', { outcome: 'lose' }, 400],
        ['POST', '/sandbox/rail', { outcome: 'settle', times: 0.5 }, 400],
      ];
      const before = (await server.operator('merchant', 'list')).text;
      for (const [method, target, body, ...statuses] of wrong) {
        const answer = await server.call(method, target, { body });
        const what = `${method} ${target} ${JSON.stringify(body)}: ${answer.status} ${answer.text}`;
        assert.ok(statuses.includes(answer.status), what);
        assert.match(answer.headers.get('content-type'), /^application\/problem\+json/, what);
      }
      assert.equal((await server.operator('merchant', 'list')).text, before);
    } finally {
      await server.stop();
    }
  });

  test('metrics are for who has their token, where there is one', async () => {
    const server = await startDisburse({ args: ['--metrics-token', 'm3trics'] });
    try {
      await server.expect(403, 'GET', '/metrics');
      await server.expect(403, 'GET', '/metrics', { headers: { authorization: 'Bearer other' } });
      const { status, text } = await server.call('GET', '/metrics', { headers: { authorization: 'Bearer m3trics' } });
      assert.equal(status, 200);
      assert.match(text, /^disburse_commands_total /m);
    } finally {
      await server.stop();
    }
  });

  test('SIGTERM finishes a request that has begun, and exits with 0', async () => {
    const server = await startDisburse();
    const { hostname, port } = new URL(server.url);
    const { key_id, key_secret, account_number } = server.sandbox.razorpay;
    const body = JSON.stringify({
      account_number, contact: { name: 'Gaurav Kumar', contact: '9000090000' }, amount: 1000, currency: 'INR',
      purpose: 'refund', description: 'In the middle',
    });
    const socket = net.connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes));
    socket.write(
      `POST /v1/payout-links HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
        `Authorization: Basic ${Buffer.from(`${key_id}:${key_secret}`).toString('base64')}\r\n\r\n${body.slice(0, 20)}`,
    );
    await eventually('the request is being read', async () => (await server.call('GET', '/metrics')).text.includes('disburse_http_connections 2'));
    server.child.kill('SIGTERM');
    await eventually('it is stopping', () => server.log.includes('stopping'));
    socket.write(body.slice(20));
    await eventually('the answer', () => answer.includes('poutlk_'));
    assert.match(answer, /^HTTP\/1.1 200/);
    const status = await new Promise((resolve) =>
      server.child.exitCode !== null ? resolve(server.child.exitCode) : server.child.once('exit', resolve));
    assert.equal(status, 0);
    await server.stop();
  });

  test('what fell due while the program was stopped is done and told in its first moments', async () => {
    const receiver = await startReceiver();
    let server = await startDisburse();
    try {
      await server.addEndpoint('razorpay', receiver.url, { secret: 'whsec' });
      const day = 24 * 3600;
      const expire_by = Math.floor(Date.now() / 1000) + day;
      const links = [];
      for (let i = 0; i < 30; i += 1) links.push(await server.razorpayLink({ expire_by }));
      const exited = once(server.child, 'exit');
      server.child.kill('SIGTERM');
      await exited;
      await writeFile(path.join(server.data, 'sandbox-clock'), String(2 * day * 1000));
      server = await startDisburse({ data: server.data });
      const told = () => new Set(receiver.got.map(({ body }) => JSON.parse(body))
        .filter(({ event }) => event === 'payout_link.expired').map(({ payload }) => payload.payout_link.entity.id));
      await eventually('every expiry is told', () => links.every(({ id }) => told().has(id)));
      for (const { code } of links) assert.equal((await server.claim(code)).state, 'expired');
    } finally {
      await server.stop();
      await receiver.stop();
    }
  });

  test('SIGTERM while merchants are made and passwords checked for callers who have gone ends with 0', async () => {
    const server = await startDisburse();
    const { hostname, port } = new URL(server.url);
    const { public_client_id: client_id, username, password } = server.sandbox.payu;
    const login = String(new URLSearchParams({
      grant_type: 'password', scope: 'create_payout_transactions', client_id, username, password,
    }));
    const calls = [];
    const call = (target, type, body) => {
      const socket = net.connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.write(
        `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      calls.push(socket);
    };
    for (let i = 0; i < 8; i += 1) {
      call('/sandbox/merchants', 'application/json', JSON.stringify({ name: `Shop ${i}` }));
      call('/oauth/token', 'application/x-www-form-urlencoded', login);
    }
    // One is answered; the program is in the middle of the others when nobody waits for them any more.
    await Promise.race(calls.map((socket) => once(socket, 'data')));
    for (const socket of calls) socket.destroy();
    await server.stop();
  });

  test('TLS is spoken with a certificate and its key', async () => {
    const key = path.join(folder, 'key.pem');
    const certificate = path.join(folder, 'cert.pem');
    await promisify(execFile)('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate,
    ]);
    const server = await startDisburse({ args: ['--tls-cert', certificate, '--tls-key', key] });
    try {
      assert.match(server.url, /^https:/);
      const ca = await readFile(certificate);
      const status = await new Promise((resolve, reject) =>
        https.get(`${server.url}/health/ready`, { ca }, (answer) => resolve(answer.statusCode)).on('error', reject));
      assert.equal(status, 200);
    } finally {
      await server.stop();
    }
  });
});

describe('operator commands', () => {
  test('a merchant is made, given a key, paid by hand, and its key revoked beside the running server', async () => {
    const sms = [];
    const gateway = http.createServer((request, response) => {
      let body = '';
      request.on('data', (bytes) => (body += bytes));
      request.on('end', () => {
        sms.push({ url: request.url, body: JSON.parse(body), key: request.headers['x-key'] });
        response.end('{"ok":true}');
      });
    });
    await new Promise((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    const server = await startDisburse({
      args: [
        '--rail', 'manual', '--sms-url', `http://127.0.0.1:${gateway.address().port}/sms?template={dlt_template_id}`,
        '--sms-body-kind', 'json', '--sms-body', '{"to":"{to}","text":"{text}","otp":"{otp}"}', '--sms-header', 'X-Key: abc',
        '--dlt-template-otp', '1107', '--dlt-template-link', '1108',
      ],
    });
    try {
      const made = await server.operator('merchant', 'create', '--name', 'By Hand');
      assert.equal(made.status, 0, made.text);
      assert.match(made.text, /merchant 2/);
      assert.equal((await server.operator('merchant', 'deposit', '--merchant', '2', '--rupees', '500.50')).status, 0);
      const issued = await server.operator('credential', 'issue', '--merchant', '2', '--dialect', 'razorpay');
      assert.equal(issued.status, 0, issued.text);
      const field = (name) => new RegExp(`${name} +(\\S+)`).exec(issued.text)[1];
      const headers = { authorization: `Basic ${Buffer.from(`${field('key_id')}:${field('key_secret')}`).toString('base64')}` };
      const link = await server.expect(200, 'POST', '/v1/payout-links', {
        headers,
        body: {
          account_number: field('account_number'), contact: { name: 'Gaurav Kumar', contact: '9000090001' }, amount: 1000,
          currency: 'INR', purpose: 'refund', description: 'By hand', send_sms: true,
        },
      });
      const code = link.short_url.split('/').pop();
      await eventually('the link was sent by SMS', () => sms.find((message) => message.body.text.includes(link.short_url)));
      assert.equal(sms[0].key, 'abc');
      assert.match(sms[0].url, /template=1108/);
      await server.expect(202, 'POST', `/api/v1/claims/${code}/otp`, { body: { channel: 'sms' } });
      const otp = await eventually('the OTP was sent by SMS', () => sms.find((message) => message.body.otp)?.body.otp);
      const { claim_token } = await server.expect(200, 'POST', `/api/v1/claims/${code}/otp/verify`, { body: { otp } });
      const details = { method: 'upi', vpa: 'success@sandbox' };
      assert.equal((await server.submit(code, claim_token, details)).status, 202);
      await eventually('the payout is with the operator', async () =>
        (await server.operator('link', 'show', link.id)).text.includes('payout_unknown'));
      assert.equal((await server.claim(code)).state, 'submitted');
      const settled = await server.operator('payout', 'settled', link.id, '--utr', '432112345678');
      assert.equal(settled.status, 0, settled.text);
      assert.equal((await server.claim(code)).utr, '432112345678');
      assert.match((await server.operator('credential', 'list', '--merchant', '2')).text, /razorpay/);
      assert.equal((await server.operator('credential', 'revoke', '--dialect', 'razorpay', '--kind', 'key', '--name', field('key_id'))).status, 0);
      await eventually('the key is refused', async () => (await server.call('GET', '/v1/payout-links', { headers })).status === 401);
      assert.match((await server.operator('merchant', 'list')).text, /By Hand/);
      assert.equal((await server.operator('link', 'show', 'nothing-of-ours')).status, 1);
      assert.equal((await server.operator('webhook', 'list', '--merchant', '2')).status, 0);
      await server.ledgerIsRight();
    } finally {
      gateway.closeAllConnections?.();
      gateway.close();
      await server.stop();
    }
  });

  test('many operators at once do not fork the audit chain', async () => {
    const server = await startDisburse();
    try {
      const issue = () => server.operator('credential', 'issue', '--merchant', '1', '--dialect', 'razorpay', '--kind', 'key');
      const beside = () => server.expect(200, 'POST', '/sandbox/deposits', { body: { amount_paise: 100 } });
      const acts = [];
      for (let i = 0; i < 6; i += 1) acts.push(issue(), beside());
      for (const { status, text } of (await Promise.all(acts)).filter((act) => 'status' in act))
        assert.equal(status, 0, text);
      await server.ledgerIsRight();
    } finally {
      await server.stop();
    }
  });

  test('e-mails go to the SMTP server that is configured', async () => {
    const mails = [];
    const smtp = net.createServer((socket) => {
      let text = '';
      let data = null;
      socket.write('220 here\r\n');
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        text += bytes;
        for (let end; (end = text.indexOf('\r\n')) >= 0; ) {
          const line = text.slice(0, end);
          text = text.slice(end + 2);
          if (data !== null) {
            if (line === '.') {
              mails.push(data);
              data = null;
              socket.write('250 taken\r\n');
            } else data += `${line}\n`;
          } else if (line === 'DATA') {
            data = '';
            socket.write('354 go on\r\n');
          } else if (line === 'QUIT') socket.end('221 bye\r\n');
          else socket.write(line.startsWith('EHLO') ? '250-here\r\n250 8BITMIME\r\n' : '250 fine\r\n');
        }
      });
    });
    await new Promise((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    const server = await startDisburse({
      args: ['--smtp-url', `smtp://127.0.0.1:${smtp.address().port}`, '--smtp-start-tls', 'off', '--smtp-from', 'payments@example.com'],
    });
    try {
      const link = await server.razorpayLink({ email: 'gaurav.kumar@example.com', send_email: true });
      const mail = await eventually('the mail', () => mails.find((text) => text.includes('gaurav.kumar@example.com')));
      assert.match(mail, /^From: .*payments@example.com/m);
      const plain = mail.replace(/=\n/g, '').replace(/=3D/g, '=');
      assert.ok(plain.includes(link.url), plain);
    } finally {
      await server.stop();
      await new Promise((resolve) => smtp.close(resolve));
    }
  });
});
