// What operators see and do on the command line, beside the running program and without it.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binary, eventually, startDisburse } from '../harness.mjs';
import { acknowledge, answerWith, refuse, startReceiver } from './receiver.mjs';
import { claim, newPhone, PAID } from './recipient.mjs';

// Status and what was printed, to either side.
async function refused(server, what, ...words) {
  const { status, text } = await server.operator(...words);
  assert.equal(status, 1, text);
  assert.match(text, what);
}
async function done(server, ...words) {
  const { status, text } = await server.operator(...words);
  assert.equal(status, 0, text);
  return text;
}

describe('a link', () => {
  let server;
  before(async () => (server = await startDisburse()));
  after(() => server.stop());

  test('is found by every name that anyone was given for it', async () => {
    const razorpay = await server.razorpayLink();
    const payu = await server.payuLink({ reference: 'order 4711/a' });
    const instantpay = await server.instantpayLink({ referenceNo: 'R-4711' });
    const names = {
      razorpay: [razorpay.id, razorpay.url, razorpay.code],
      payu: [payu.id, payu.url, payu.code, 'order 4711/a'],
      instantpay: [instantpay.id, instantpay.url, instantpay.code, 'R-4711'],
    };
    for (const [dialect, all] of Object.entries(names)) {
      for (const name of all) {
        const text = await done(server, 'link', 'show', String(name));
        assert.match(text, new RegExp(`^link of merchant 1, made through ${dialect}\n  state +issued\n`), name);
      }
    }
    const page = `https://pay.example.com/any/page?lang=hi&id=${razorpay.code}`;
    assert.match(await done(server, 'link', 'show', page), /made through razorpay/);
    assert.match(await done(server, 'link', 'show', `${razorpay.url}?from=sms`), /made through razorpay/);
  });

  test('is not found by a name of the right shape that nobody was given', async () => {
    const shapes = ['poutlk_00000000000000', 'poutlk_!!!!!!!!!!!!!!', '0'.repeat(24), 'g'.repeat(24), 'A'.repeat(64),
      '!'.repeat(64), 'A'.repeat(22), 'https://pay.example.com/l/nothing', ''];
    for (const name of shapes) await refused(server, /link not found/, 'link', 'show', name);
  });

  test('has its story told, without anything that is the recipient’s alone', async () => {
    const receiver = await startReceiver();
    await server.addEndpoint('razorpay', receiver.url, { secret: 'whsec' });
    const phone = newPhone();
    const link = await server.razorpayLink({ phone, email: 'gaurav.kumar@example.com' });
    await server.bank('refuse');
    await claim(server, link, phone);
    await server.claimBecomes(link.code, 'open');
    await server.advance(60);
    await claim(server, link, phone);
    await server.claimBecomes(link.code, 'paid');
    await eventually('it was told', async () =>
      /webhooks\n[^]*delivered[^]*payout_link.processed/.test(await done(server, 'link', 'show', link.id)));
    const text = await done(server, 'link', 'show', link.id);
    assert.match(text, /state +processed\n +amount +Rs 1250.00\n/);
    assert.match(text, /attempts +2\n/);
    assert.match(text, /claim: issued to processing[^]*payout_failed: processing to issued[^]*payout_settled: processing to processed/);
    assert.match(text, /\npayouts\n.* refused [^]* settled /);
    assert.match(text, /\nledger\n.* hold [^]* release [^]* hold [^]* settle /);
    for (const secret of [phone, 'gaurav.kumar@', '51234567890']) assert.ok(!text.includes(secret), text);
    await receiver.stop();
  });
});

describe('a payout by hand', () => {
  test('that the bank refused opens the link again, and gives the money back', async () => {
    const gateway = await startReceiver(answerWith(200, 'taken'));
    const server = await startDisburse({
      args: ['--rail', 'manual', '--sms-url', gateway.url, '--sms-method', 'GET', '--sms-body-kind', 'none',
        '--sms-success-text', 'taken'].map((word) => word.replace('/hook', '/hook?otp={otp}')),
    });
    try {
      const link = await server.razorpayLink();
      await refused(server, /payout/, 'payout', 'settled', link.id, '--utr', 'U1');
      const base = `/api/v1/claims/${link.code}`;
      await server.expect(202, 'POST', `${base}/otp`, { body: { channel: 'sms' } });
      const otp = await eventually('the password', () => gateway.got.find(({ query }) => query.get('otp'))?.query.get('otp'));
      const { claim_token } = await server.expect(200, 'POST', `${base}/otp/verify`, { body: { otp } });
      assert.equal((await server.submit(link.code, claim_token, PAID)).status, 202);
      await eventually('the operator has it', async () =>
        (await done(server, 'link', 'show', link.id)).includes('payout_unknown'));
      const text = await done(server, 'payout', 'refused', link.url, '--why', 'The account is closed.');
      assert.match(text, /^payout refused, link issued$/m);
      assert.equal((await server.claim(link.code)).state, 'open');
      assert.match(await done(server, 'link', 'show', link.id), /refused .*The account is closed\.[^]*hold [^]*release /);
      await server.ledgerIsRight();
    } finally {
      await server.stop();
      await gateway.stop();
    }
  });
});

describe('webhooks', () => {
  test('are listed with every try, and sent again when asked', async () => {
    const server = await startDisburse();
    const receiver = await startReceiver(refuse);
    try {
      await server.addEndpoint('razorpay', receiver.url, { secret: 'whsec' });
      const link = await server.razorpayLink();
      await server.razorpayLink();
      await receiver.waitFor(2);
      const list = () => done(server, 'webhook', 'list', '--link', link.id);
      await eventually('the try is kept', async () => /try 1 at .*: 500/.test(await list()));
      receiver.answer = acknowledge;
      await server.advance(3600);
      await eventually('it arrived', async () => /delivered/.test(await list()));
      const text = await list();
      assert.match(text, /^endpoint whep_\w{14}  razorpay   http:/);
      assert.match(text, /try 2 at .*: 200/);
      assert.equal(text.match(/^whdl_/gm).length, 1, 'only of this link');
      assert.equal((await done(server, 'webhook', 'list', '--merchant', '1')).match(/^whdl_/gm).length, 2);

      const id = /^whdl_\w{14}/m.exec(text)[0];
      const before = receiver.got.length;
      assert.match(await done(server, 'webhook', 'replay', '--merchant', '1', id), /queued as whdl_/);
      await receiver.waitFor(before + 1);
      assert.deepEqual(receiver.got.at(-1).body, receiver.got.find(({ body }) => body.includes(link.id)).body);
      for (const wrong of ['whdl_00000000000000', 'whdl_!', 'nothing'])
        await refused(server, /delivery/, 'webhook', 'replay', '--merchant', '1', wrong);
      await refused(server, /delivery/, 'webhook', 'replay', '--merchant', '2', id);
      await refused(server, /link not found/, 'webhook', 'list', '--link', 'nothing');
    } finally {
      await server.stop();
      await receiver.stop();
    }
  });
});

describe('merchants', () => {
  test('have the settings that they were made with', async () => {
    const server = await startDisburse();
    try {
      const made = await done(server, 'merchant', 'create', '--name', 'Strict', '--account-number', '4564561111111111',
        '--allowed-addresses', ',203.0.113.9,,127.0.0.0/8', '--hold-at-issue', '--approval-above-paise', '50000');
      assert.match(made, /merchant 2 +Strict +account 4564561111111111/);
      await done(server, 'merchant', 'deposit', '--merchant', '2', '--rupees', '1000');
      const keys = await done(server, 'credential', 'issue', '--merchant', '2', '--dialect', 'razorpay', '--kind', 'key');
      const field = (name) => new RegExp(`${name} +(\\S+)`).exec(keys)[1];
      server.sandbox.razorpay = {
        key_id: field('key_id'), key_secret: field('key_secret'), account_number: '4564561111111111',
      };
      const large = await server.razorpayLink({ paise: 50_001 });
      assert.equal(large.link.status, 'pending');
      const small = await server.razorpayLink({ paise: 1_000 });
      assert.match(await done(server, 'link', 'show', small.id), /state +issued[^]*money held/);
      assert.match(await done(server, 'merchant', 'list'), /Strict[^]*489\.99/, 'both are held');
      await server.ledgerIsRight();

      await done(server, 'merchant', 'create', '--name', 'Elsewhere', '--allowed-addresses', '203.0.113.0/24');
      const far = await done(server, 'credential', 'issue', '--merchant', '3', '--dialect', 'razorpay', '--kind', 'key');
      const [, id, secret] = /key_id +(\S+)\n +key_secret +(\S+)/.exec(far);
      const { status, text } = await server.call('GET', '/v1/payout-links', {
        headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      });
      assert.ok(status === 400 && text.includes('from this IP are not allowed'), `right keys from the wrong address: ${text}`);
    } finally {
      await server.stop();
    }
  });

  test('that are not there, and words that are none of ours, are refused and change nothing', async () => {
    const server = await startDisburse();
    try {
      await refused(server, /merchant/, 'merchant', 'deposit', '--merchant', '9', '--rupees', '1');
      await refused(server, /amount/, 'merchant', 'deposit', '--merchant', '1', '--rupees', '1.001');
      await refused(server, /merchant/, 'credential', 'issue', '--merchant', '9', '--dialect', 'razorpay');
      await refused(server, /credential/, 'credential', 'revoke', '--dialect', 'razorpay', '--kind', 'key', '--name', 'x');
      for (const [option, ...words] of [
        ['--dialect', '--dialect', 'morse'],
        ['--kind', '--dialect', 'razorpay', '--kind', 'skeleton'],
      ]) {
        const { status, text } = await server.operator('credential', 'issue', '--merchant', '1', ...words);
        assert.equal(status, 2, text);
        assert.ok(text.includes(option), text);
      }
      await refused(server, /amount/, 'merchant', 'create', '--name', 'X', '--approval-above-paise', '-1');
      assert.equal((await done(server, 'merchant', 'list')).match(/^ *\d+ /gm).length, 1);
      await server.ledgerIsRight();
    } finally {
      await server.stop();
    }
  });
});

describe('ledger verify', () => {
  let folder;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'disburse-ledger-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  // A store with a link that was paid, one that is being paid and one that holds its money.
  async function store() {
    const server = await startDisburse();
    try {
      const [paid, sent] = [newPhone(), newPhone()];
      await claim(server, await server.razorpayLink({ phone: paid }), paid);
      const link = await server.razorpayLink({ phone: sent });
      await server.bank('unknown');
      await claim(server, link, sent);
      await eventually('the bank was asked', async () => (await done(server, 'link', 'show', link.id)).includes('payout_unknown'));
      const exited = new Promise((resolve) => server.child.once('exit', resolve));
      server.child.kill('SIGTERM');
      await exited;
      for (const file of ['disburse.db', 'master.key', 'mode']) await copyFile(`${server.data}/${file}`, `${folder}/${file}`);
    } finally {
      await server.stop();
    }
  }
  const verify = () => new Promise((resolve) =>
    execFile(binary(), ['ledger', 'verify', '--data', folder], (error, out, err) =>
      resolve({ status: error ? error.code : 0, text: out + err })));
  const change = (sql) => execFileSync('sqlite3', [`${folder}/disburse.db`, sql]);

  const wrongs = [
    ['update balances set available_paise = available_paise + 1', /not what the postings add up to/],
    ['update balances set deposited_paise = deposited_paise - 1', /do not sum to zero/],
    ['update balances set available_paise = -1, paid_paise = paid_paise + available_paise + 1', /below its floor/],
    ['update payout set amount_paise = amount_paise + 1', /held money is not that of payouts in flight/],
    ['update link set held = 1', /held money is not that of payouts in flight/],
    ["update audit set detail = 'nothing to see' where audit_id = (select min(audit_id) from audit)", /audit row \d+: its hash does not follow/],
    ["update audit set hash = x'00' where audit_id = (select max(audit_id) from audit)", /its hash does not follow/],
    [
      'insert into posting select merchant_id, posting_id + 1, move, amount_paise, link_id, payout_id, posted_at ' +
        'from posting where link_id <> 0 order by posting_id desc limit 1',
      /not what the postings add up to/,
    ],
  ];
  test('says what is wrong with a store that somebody has changed', async () => {
    await store();
    const right = await verify();
    assert.equal(right.status, 0, right.text);
    assert.match(right.text, /1 merchants checked: the ledger and the audit log are right/);
    const database = path.join(folder, 'disburse.db');
    const good = await readFile(database);
    for (const [sql, what] of wrongs) {
      change(sql);
      const { status, text } = await verify();
      assert.equal(status, 1, `${sql}: ${text}`);
      assert.match(text, what, sql);
      assert.match(text, /WRONG/, sql);
      for (const side of ['-wal', '-shm']) await rm(database + side, { force: true });
      await writeFile(database, good);
    }
    assert.equal((await verify()).status, 0, 'and nothing is when it is put back');
  });
});

test('more calls than a key may make in a second are refused, and later ones are taken', async () => {
  const server = await startDisburse({ args: ['--calls-per-second', '3'] });
  try {
    const { key_id, key_secret } = server.sandbox.razorpay;
    const headers = { authorization: `Basic ${Buffer.from(`${key_id}:${key_secret}`).toString('base64')}` };
    const many = await Promise.all(Array.from({ length: 40 }, () => server.call('GET', '/v1/payout-links', { headers })));
    const refused = many.filter(({ status }) => status === 429);
    assert.ok(many.some(({ status }) => status === 200), 'some are taken');
    assert.ok(refused.length > 0, 'some are refused');
    assert.deepEqual(refused[0].body, {
      error: { code: 'BAD_REQUEST_ERROR', description: 'Throttling Error', source: null, step: null, reason: null, metadata: {} },
    });
    await eventually('a call is taken again', async () => (await server.call('GET', '/v1/payout-links', { headers })).status === 200);
  } finally {
    await server.stop();
  }
});
