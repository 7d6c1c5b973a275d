// Claiming over the JSON API: proof, limits, double submits, and what the link then says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, startDisburse } from '../harness.mjs';

const DETAILS = {
  method: 'bank',
  name: 'Gaurav Kumar',
  account_number: '51234567890',
  account_number_again: '51234567890',
  ifsc: 'HDFC0001234',
};
let server;
let phones = 0;
const newPhone = () => String(8000000000 + ++phones);
before(async () => (server = await startDisburse()));
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
});

const base = (code) => `/api/v1/claims/${encodeURIComponent(code)}`;
const wrong = (otp) => String((Number(otp) + 1) % 1_000_000).padStart(6, '0');
const verify = (code, otp) => server.call('POST', `${base(code)}/otp/verify`, { body: { otp } });
const send = (code) => server.call('POST', `${base(code)}/otp`, { body: { channel: 'sms' } });

test('five wrong one-time passwords lock the claim for half an hour', async () => {
  const phone = newPhone();
  const link = await server.razorpayLink({ phone });
  await send(link.code);
  const otp = await server.otp(phone);
  for (let i = 1; i <= 4; ++i) assert.equal((await verify(link.code, wrong(otp))).body.code, 'otp_wrong');
  assert.equal((await verify(link.code, wrong(otp))).body.code, 'otp_locked');
  assert.equal((await verify(link.code, otp)).body.code, 'otp_locked', 'the right one is too late');
  await server.advance(60);
  assert.equal((await send(link.code)).body.code, 'otp_locked', 'sending does not unlock');
  await server.advance(1800);
  assert.ok(await server.proveOtp(link.code, phone));
});

test('a one-time password is sent every 30 seconds at most, lives ten minutes and works once', async () => {
  const phone = newPhone();
  const link = await server.razorpayLink({ phone });
  assert.equal((await verify(link.code, '123456')).body.code, 'otp_not_sent');
  assert.equal((await send(link.code)).status, 202);
  assert.equal((await send(link.code)).body.code, 'otp_too_soon');
  const first = await server.otp(phone);
  await server.advance(601);
  assert.equal((await verify(link.code, first)).body.code, 'otp_expired');
  assert.equal((await send(link.code)).status, 202);
  const second = await server.otp(phone, { not: first });
  assert.equal((await verify(link.code, second)).status, 200);
  assert.equal((await verify(link.code, second)).body.code, 'otp_not_sent', 'used once');
});

test('fifty submits at once pay once', async () => {
  const phone = newPhone();
  const link = await server.razorpayLink({ phone });
  const token = await server.proveOtp(link.code, phone);
  const answers = await Promise.all(Array.from({ length: 50 }, () => server.submit(link.code, token, DETAILS)));
  assert.equal(answers.filter((answer) => answer.status === 202).length, 1);
  for (const answer of answers.filter((a) => a.status !== 202)) {
    assert.ok(['link_processing', 'link_processed'].includes(answer.body.code), answer.text);
  }
  await server.claimBecomes(link.code, 'paid');
  const { text } = await server.operator('link', 'show', link.url);
  assert.equal(text.match(/^  \S+ +settle /gm).length, 1);
});

test('of two browsers the one that proved last may claim, and then nobody', async () => {
  const phone = newPhone();
  const link = await server.razorpayLink({ phone });
  const first = await server.proveOtp(link.code, phone);
  await server.advance(31);
  const old = await server.otp(phone);
  await send(link.code);
  const second = (await verify(link.code, await server.otp(phone, { not: old }))).body.claim_token;
  assert.equal((await server.submit(link.code, first, DETAILS)).body.code, 'otp_required');
  assert.equal((await server.submit(link.code, second, DETAILS)).status, 202);
  assert.ok(['link_processing', 'link_processed'].includes((await server.submit(link.code, second, DETAILS)).body.code));
});

test('nobody claims without proof, with another link’s proof or with a forged one', async () => {
  const phone = newPhone();
  const link = await server.razorpayLink({ phone });
  const other = await server.razorpayLink({ phone });
  const token = await server.proveOtp(other.code, phone);
  for (const bad of [null, token, `${token.slice(0, -1)}0`, 'x', '0'.repeat(72)]) {
    assert.equal((await server.submit(link.code, bad, DETAILS)).body.code, 'otp_required', `${bad}`);
  }
  assert.equal((await server.claim(link.code)).state, 'open');
});

test('details that are wrong are told by field, and nothing happens', async () => {
  const phone = newPhone();
  const link = await server.razorpayLink({ phone });
  const token = await server.proveOtp(link.code, phone);
  const cases = [
    [{ account_number: '12345', account_number_again: '12345' }, 'account_number_invalid'],
    [{ account_number_again: '51234567891' }, 'account_numbers_differ'],
    [{ ifsc: 'HDFC1001234' }, 'ifsc_invalid'],
    [{ name: '' }, null],
    [{ method: 'upi', vpa: 'nobody' }, 'vpa_invalid'],
    [{ method: 'card' }, null],
  ];
  for (const [change, code] of cases) {
    const answer = await server.submit(link.code, token, { ...DETAILS, ...change });
    assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
    assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
    if (code) assert.equal(answer.body.code, code);
  }
  assert.equal((await server.claim(link.code)).state, 'open');
  assert.equal((await server.submit(link.code, token, DETAILS)).status, 202, 'and then it works');
});

test('unknown, forged and truncated claim codes are all the same 404', async () => {
  const { code } = await server.razorpayLink();
  const flip = code.endsWith('0') ? '1' : '0';
  const codes = ['nothing', '0'.repeat(22), code.slice(0, -1), code.slice(0, -1) + flip, `${code}0`, 'A'.repeat(64), '%00'];
  const texts = new Set();
  for (const bad of codes) {
    const answer = await server.call('GET', `/api/v1/claims/${bad}`);
    assert.equal(answer.status, 404, `${bad}: ${answer.text}`);
    texts.add(answer.text);
  }
  assert.equal(texts.size, 1);
});

test('short of money the claim waits, and is paid when money comes in', async () => {
  const rich = await server.expect(200, 'POST', '/sandbox/merchants', { body: { name: 'Thin Purse' } });
  const { key_id, key_secret, account_number } = rich.razorpay;
  const headers = { authorization: `Basic ${Buffer.from(`${key_id}:${key_secret}`).toString('base64')}` };
  const phone = newPhone();
  const link = await server.expect(200, 'POST', '/v1/payout-links', {
    headers,
    body: {
      account_number, contact: { name: 'Gaurav Kumar', contact: phone }, amount: 100_00_000_01, currency: 'INR',
      purpose: 'refund', description: 'Too much',
    },
  });
  const code = link.short_url.split('/').pop();
  const token = await server.proveOtp(code, phone);
  assert.equal((await server.submit(code, token, DETAILS)).status, 202);
  assert.equal((await server.claim(code)).state, 'submitted');
  const { status, text } = await server.operator('merchant', 'deposit', '--merchant', '2', '--rupees', '1');
  assert.equal(status, 0, text);
  await server.advance(901);
  await server.claimBecomes(code, 'paid');
  await eventually('the ledger agrees', async () => (await server.operator('ledger', 'verify')).status === 0);
});
