// The curl commands that the providers publish, replayed: host, credentials and what names a thing that only they have
// (an id, a date that is past) are ours; all other bytes are theirs. The one sentence that is not kept is the `//`
// comments in RazorpayX's JSON, which no reader of JSON takes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { startDisburse } from '../harness.mjs';

const folder = new URL('samples/', import.meta.url);
const hosts = /https?:\/\/(?:api\.razorpay\.com|uat-accounts\.payu\.in|test\.payumoney\.com|api\.instantpay\.in|127\.0\.0\.1:8000)/;

let server;
const replayed = new Set();

// `changes`: what of the sample's own words is replaced, each by which; each must be there, once. `options` go in front.
async function replay(name, changes = {}, { options = '' } = {}) {
  let command = await readFile(new URL(`${name}.curl`, folder), 'utf8');
  assert.match(command, hosts);
  command = command.replace(hosts, server.url.replace(/\/$/, ''));
  for (const [theirs, ours] of Object.entries(changes)) {
    assert.equal(command.split(theirs).length, 2, `${name}: ${theirs} is not there, or not once`);
    command = command.replace(theirs, () => ours);
  }
  replayed.add(name);
  const output = await new Promise((resolve, reject) =>
    execFile('bash', ['-c', command.replace(/^curl/, `curl -sS ${options} -w '\\n%{http_code}'`)], (error, stdout, stderr) =>
      error ? reject(new Error(`${name}: ${stderr}`)) : resolve(stdout),
    ),
  );
  const end = output.lastIndexOf('\n');
  return { status: Number(output.slice(end + 1)), body: JSON.parse(output.slice(0, end)) };
}

async function answered(status, name, changes, options) {
  const answer = await replay(name, changes, options);
  assert.equal(answer.status, status, `${name}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

before(async () => {
  server = await startDisburse();
});
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
});

describe('RazorpayX', () => {
  const keys = () => {
    const { key_id, key_secret } = server.sandbox.razorpay;
    return [key_id, key_secret];
  };
  const angled = () => ({ '<YOUR_KEY>:<YOUR_SECRET>': keys().join(':'), 7878780080857996: server.sandbox.razorpay.account_number });
  const squared = () => ({ '[YOUR_KEY_ID]:[YOUR_KEY_SECRET]': keys().join(':') });
  const ahead = async () => ({ 1545384058: String(Math.floor(Date.parse((await server.advance(0)).now) / 1000) + 86_400) });
  const notes = { notes_key_1: 'Tea, Earl Grey, Hot', notes_key_2: 'Tea, Earl Grey… decaf.' };
  let link;

  test('a deadline of 2018 is refused, and its field named', async () => {
    for (const name of ['razorpay-create-contact', 'razorpay-create-contact-id']) {
      const contact = name.endsWith('id') ? { cont_00000000000001: await someContact() } : {};
      const { error } = await answered(400, name, { ...angled(), ...contact });
      assert.equal(error.code, 'BAD_REQUEST_ERROR');
      assert.equal(error.field, 'expire_by');
    }
  });
  const someContact = async () => (await server.razorpayLink()).link.contact_id;

  test('a link by contact details, and one by the id of the contact', async () => {
    link = await answered(200, 'razorpay-create-contact', { ...angled(), ...(await ahead()) });
    assert.match(link.id, /^poutlk_[0-9A-Za-z]{14}$/);
    assert.deepEqual(link.notes, notes);
    const { name, contact, email } = link.contact;
    assert.deepEqual({ name, contact, email }, { name: 'Gaurav Kumar', contact: '912345678', email: 'gaurav.kumar@example.com' });
    const wish = { ...angled(), ...(await ahead()), cont_00000000000001: link.contact_id };
    const second = await answered(200, 'razorpay-create-contact-id', wish);
    assert.equal(second.contact_id, link.contact_id);
    assert.equal(second.contact.contact, '912345678');
    assert.notEqual(second.id, link.id);
  });

  test('all links, one link with its payouts as the misprinted address asks, and a cancel', async () => {
    const page = await answered(200, 'razorpay-fetch-all', squared());
    assert.equal(page.entity, 'collection');
    assert.equal(page.count, page.items.length);
    assert.ok(page.items.some((item) => item.id === link.id));
    // curl takes brackets in an address for a range unless it is told not to.
    const named = { ...squared(), poutlk_00000000000001: link.id };
    const fetched = await answered(200, 'razorpay-fetch-with-id', named, { options: '-g' });
    assert.equal(fetched.id, link.id);
    const cancelled = await answered(200, 'razorpay-cancel', { ...squared(), poutlk_00000000000003: link.id });
    assert.equal(cancelled.status, 'cancelled');
    assert.equal(cancelled.id, link.id);
  });

  test("the sample's own id is nobody's", async () => {
    const { error } = await answered(400, 'razorpay-cancel', squared());
    assert.equal(error.code, 'BAD_REQUEST_ERROR');
  });
});

describe('PayU', () => {
  const PUBLIC_ID = '6f8bb4951e030d4d7349e64a144a534778673585f86039617c167166e9154f7e';
  const payu = () => server.sandbox.payu;
  const escaped = (word) => encodeURIComponent(word);
  let token;
  let linkId;

  test('a token by user name and password, refreshed, and one by client id and secret', async () => {
    const first = await answered(200, 'payu-token-password', {
      [PUBLIC_ID]: payu().public_client_id,
      'payouttest4%40mailinator.com': escaped(payu().username),
      'Tester%40123': escaped(payu().password),
    });
    assert.match(first.access_token, /^[0-9a-f]{64}$/);
    assert.deepEqual([first.token_type, first.scope], ['Bearer', 'create_payout_transactions']);
    const second = await answered(200, 'payu-token-refresh', {
      [PUBLIC_ID]: payu().public_client_id,
      ff8e094ecfa11fb390931f779ae62c0836f97bbaedcf5551c88eff826da3239a: first.refresh_token,
    });
    assert.match(second.access_token, /^[0-9a-f]{64}$/);
    assert.notEqual(second.refresh_token, first.refresh_token);
    const third = await answered(200, 'payu-token-client', {
      'cf608fd***4fd52f94fb**02e4bb431641c40339991787568773411df368': payu().client_id,
      '26ec3cc4bc7caaasdf90b006b655582b92ed0116554597942a884c6cb626e3f': payu().client_secret,
    });
    token = third.access_token;
  });

  test("the sample's own password is refused", async () => {
    const refused = await answered(401, 'payu-token-password');
    assert.equal(refused.access_token, undefined);
    assert.ok(refused.error);
  });

  test('a link, its state at the address with two slashes, and both ways to cancel', async () => {
    const made = await answered(200, 'payu-smart-send-create', { '{access_token}': token, 1111122: payu().payout_merchant_id });
    assert.deepEqual([made.status, made.msg, made.code], [0, 'Success', null]);
    linkId = made.data.linkId;
    const state = await answered(200, 'payu-smart-send-status', {
      '5NoIQ1R8KuFeIaUYo8CEzllcxvRL4cWd5Kx48PkutmLHwgAkTVGwWrzaClVey6Rb': escaped(linkId),
      '5c1e9bf2a4d9761de6ac53122be4250907ae418c7dc34fec3dc71a9cf661b5c1': token,
      1111110: payu().payout_merchant_id,
    });
    assert.equal(state.status, 0, JSON.stringify(state));
    const theirs = {
      '45f87fed35bdafe9f47698ed03e202e282f873b79a57eb53a9d30247b376f01d': token,
      1111122: payu().payout_merchant_id,
    };
    const missing = await answered(200, 'payu-smart-send-cancel', theirs);
    assert.deepEqual([missing.status, missing.code], [1, 1112]);
    const cancelled = await answered(200, 'payu-smart-send-cancel', { ...theirs, 1584856958885: 'test1111' });
    assert.equal(cancelled.status, 0, JSON.stringify(cancelled));
    const again = await answered(200, 'payu-smart-send-cancel-query', {
      '0eabb5d79b6324ceae72c96c6099932b219d58d293642d6b9503f5ace7e416ed': token,
      1111766: payu().payout_merchant_id,
      Test6Sep3: 'test1111',
    });
    assert.equal(again.status, 1, JSON.stringify(again));
  });
});

describe('InstantPay', () => {
  const written = () => ({
    'YWY3OTAzYzNlM2ExZTJlOfh549Gzt+5IEcETrD5Yx+Q=': server.sandbox.instantpay.client_id,
    '679db35f926b8d0240a8c0d28729528ee8e6d5effa5fa0b20c04454004d2d825': server.sandbox.instantpay.client_secret,
  });
  let link;

  test('a notice for a link, and for one that is nobody’s', async () => {
    link = await server.instantpayLink();
    const told = await answered(200, 'instantpay-notify', { ...written(), '657aa9841b8d3897ff0a84fb': link.id });
    assert.equal(told.statuscode, 'TXN', JSON.stringify(told));
    assert.match(told.status, /^Notification Link Sent To /);
    const refused = await answered(200, 'instantpay-notify', written());
    assert.notEqual(refused.statuscode, 'TXN');
  });

  test('a list by GET with a body', async () => {
    const listed = await answered(200, 'instantpay-list', {
      ...written(),
      '657aa9841b8d3897ff0a84fb': link.id,
      'Contact Name /Contact Mobile / Contact Email': 'Gaurav Kumar',
    });
    assert.equal(listed.statuscode, 'TXN', JSON.stringify(listed));
    assert.ok(JSON.stringify(listed.data).includes(link.id));
  });

  test('the track of a link by GET with a body of one byte, and a cancel', async () => {
    const tracked = await answered(200, 'instantpay-track', {
      '{{authCode}}': '1',
      '{{clientId}}': server.sandbox.instantpay.client_id,
      '{{clientSecret}}': server.sandbox.instantpay.client_secret,
      '{{endPointIP}}': '125.0.0.1',
      '65704add83911e52b70ebcbc': link.id,
    });
    assert.equal(tracked.statuscode, 'TXN', JSON.stringify(tracked));
    const cancelled = await answered(200, 'instantpay-cancel', { ...written(), '657a99b961f05879ae06cb56': link.id });
    assert.deepEqual([cancelled.statuscode, cancelled.status], ['TXN', 'Link Cancelled Successfully']);
  });

  test("the sample's own credentials are refused", async () => {
    const refused = await answered(200, 'instantpay-cancel');
    assert.notEqual(refused.statuscode, 'TXN');
  });
});

test('every sample was replayed', async () => {
  const kept = (await readdir(folder)).map((name) => name.replace(/\.curl$/, ''));
  assert.deepEqual([...replayed].sort(), kept.sort());
});
