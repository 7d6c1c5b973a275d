// What only InstantPay's API has: GET webhooks that want their id back, the timeline, notifications and the QR image.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, indianTime, startDisburse } from '../harness.mjs';
import { instantpay, newReference } from './providers.mjs';
import { acknowledge, answerWith, startReceiver } from './receiver.mjs';
import { PAID, bank, claim, newPhone } from './recipient.mjs';

const KEYS = ['statuscode', 'actcode', 'status', 'data', 'timestamp', 'ipay_uuid', 'orderid', 'environment', 'internalCode'];
let server;
before(async () => (server = await startDisburse()));
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
});

const call = (method, target, body) =>
  server.expect(200, method, `/payments/payout/link/${target}`, { headers: instantpay.headers(server), body });
const request = (more = {}) => ({
  contactDetails: { name: 'Gaurav Kumar', mobile: newPhone(), email: 'gaurav.kumar@example.com' },
  verifyBene: true,
  amount: '120.112',
  purpose: 'Refund',
  description: 'Order 4711',
  activatedAt: '2024-01-01 00:00:00',
  expiredAt: '2035-12-31 23:59:59',
  paymentModes: ['ACCOUNT', 'VPA', 'AMZON', 'CREDITCARD'],
  sendAlert: false,
  ...more,
});

test('a link has the documented envelope and values when it is made and listed', async () => {
  const answer = await call('POST', 'create', request());
  assert.deepEqual(Object.keys(answer), KEYS);
  assert.equal(answer.status, 'Link Created Successfully');
  assert.equal(answer.environment, 'SANDBOX');
  assert.match(answer.ipay_uuid, /^h\d{3}[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-[A-Za-z0-9]{12}$/);
  assert.match(answer.orderid, /^1\d{12}[A-Z]{5}$/);
  const { data } = answer;
  assert.equal(data.orderId, answer.orderid);
  assert.match(data.linkId, /^[0-9a-f]{24}$/);
  assert.deepEqual(
    [data.amount, data.purpose, data.referenceNo, data.status, data.verifyBene, data.paymentModes, data.qrUrl],
    [120.11, 'refund', 'NA', 'ISSUED', true, ['ACCOUNT', 'VPA', 'AMAZON', 'CREDITCARD'], undefined],
  );
  const listed = await call('POST', 'list', { filters: { linkId: data.linkId } });
  assert.deepEqual(listed.data.meta, {
    totalPages: 1, currentPage: 1, totalRecords: 1, recordsOnCurrentPage: 1, recordFrom: 1, recordTo: 1,
  });
  assert.deepEqual([listed.data.records[0].url, listed.orderid], [data.url, null]);

  const image = await fetch(listed.data.records[0].qrUrl);
  assert.equal(image.headers.get('content-type'), 'image/png');
  assert.deepEqual([...new Uint8Array(await image.arrayBuffer()).slice(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  const page = await fetch(data.url, { headers: { accept: 'text/html' } });
  assert.match(page.headers.get('content-type'), /^text\/html/);
});

test('an expiry that cannot be used becomes ninety days after creation', async () => {
  const { data } = await call('POST', 'create', request({ expiredAt: '2023-11-20 14:02:00' }));
  const { now } = await server.advance(0);
  const ninety = Date.parse(now) + 90 * 24 * 3600_000;
  const told = Date.parse(`${data.expiredAt.replace(' ', 'T')}+05:30`);
  assert.ok(Math.abs(told - ninety) < 60_000, `${data.expiredAt}, not ${indianTime(ninety)}`);
});

test('a link for later opens when its time comes', async () => {
  const { now } = await server.advance(0);
  const { data } = await call('POST', 'create', request({ activatedAt: indianTime(Date.parse(now) + 3600_000) }));
  assert.equal(data.status, 'ISSUED');
  const code = data.url.split('/').pop();
  assert.equal((await server.claim(code)).state, 'scheduled');
  const early = await server.call('POST', `/api/v1/claims/${code}/otp`, { body: { channel: 'sms' } });
  assert.equal(early.body.code, 'link_scheduled');
  await server.advance(3601);
  assert.equal((await server.claim(code)).state, 'open');
});

test('webhooks are GETs that tell the payout, and the id is the same from pending to the end', async () => {
  const receiver = await startReceiver();
  try {
    await server.addEndpoint('instantpay', receiver.url);
    const phone = newPhone();
    const link = await instantpay.create(server, { phone });
    const of = () => receiver.got.filter((delivery) => instantpay.isAbout(delivery, link)).map(({ query }) => Object.fromEntries(query));
    await claim(server, link, phone, bank('71234567890'));
    const { utr } = await server.claimBecomes(link.code, 'paid');
    await eventually('paid is told', () => of().length === 2);
    await server.advance(3700);
    await eventually('the reversal is told', () => of().length === 3);
    const [pending, paid, reversed] = of();
    assert.deepEqual([pending.status, pending.res_code, pending.txn_mode, pending.opr_id], ['PENDING', 'TUP', 'DR', '']);
    assert.deepEqual([paid.status, paid.res_code, paid.txn_mode, paid.opr_id], ['SUCCESS', 'TXN', 'DR', utr]);
    assert.deepEqual([reversed.status, reversed.res_code, reversed.txn_mode], ['REFUND', 'TRP', 'CR']);
    assert.match(pending.ipay_id, /^1\d{12}[A-Z]{5}$/);
    assert.deepEqual([paid.ipay_id, reversed.ipay_id], [pending.ipay_id, pending.ipay_id]);
    assert.equal((await server.claim(link.code)).state, 'failed');
    assert.ok(receiver.got.every(({ body }) => body.length === 0));
  } finally {
    await receiver.stop();
  }
});

test('only a 2xx that says success and echoes the id is an acknowledgement; then 5, 15, 30, 60 and 240 minutes', async () => {
  const json = { 'content-type': 'application/json' };
  const wrongs = [
    answerWith(200, '{}', json),
    answerWith(200, 'OK'),
    answerWith(200, '{"ipay_id":"1231214070644TLWAP","success":true,"description":"callback called successfully"}', json),
    ({ query }, response) => answerWith(200, JSON.stringify({ ipay_id: query.get('ipay_id'), success: false }), json)(null, response),
    ({ query }, response) => answerWith(500, JSON.stringify({ ipay_id: query.get('ipay_id'), success: true }), json)(null, response),
    answerWith(200, '[true]', json),
  ];
  const receiver = await startReceiver(wrongs[0]);
  try {
    const endpoint = await server.addEndpoint('instantpay', receiver.url, { events: ['SUCCESS'] });
    const phone = newPhone();
    const link = await instantpay.create(server, { phone });
    await claim(server, link, phone);
    const tried = (count, state = 'due') =>
      eventually(`${count} tries, ${state}`, async () => {
        const [delivery] = await server.deliveries(endpoint.id);
        return delivery?.tries === count && delivery.state === state && delivery;
      });
    await tried(1);
    for (const [i, minutes] of [5, 15, 30, 60, 240].entries()) {
      receiver.answer = wrongs[i + 1];
      await server.advance(minutes * 60 + 1);
      await tried(i + 2, i === 4 ? 'given_up' : 'due');
    }
    const { id, attempts } = await tried(6, 'given_up');
    const at = attempts.sort((a, b) => a.number - b.number).map((attempt) => Date.parse(attempt.at));
    for (const [i, minutes] of [5, 15, 30, 60, 240].entries()) assert.ok(at[i + 1] - at[i] >= minutes * 60_000, `${minutes} minutes`);
    assert.equal(new Set(receiver.got.map(({ query }) => query.toString())).size, 1);

    receiver.answer = acknowledge;
    const again = await server.expect(202, 'POST', `/api/v1/webhooks/${endpoint.id}/deliveries/${id}/replay`, {
      headers: { authorization: `Bearer ${server.sandbox.house.token}` },
    });
    assert.equal(again.replay_of, id);
    await eventually('the replay is delivered', async () =>
      (await server.deliveries(endpoint.id)).some((delivery) => delivery.id === again.id && delivery.state === 'delivered'));
  } finally {
    await receiver.stop();
  }
});

test('the timeline tells a link’s life, with masks', async () => {
  const phone = newPhone();
  const link = await instantpay.create(server, { phone });
  await claim(server, link, phone, PAID);
  await server.claimBecomes(link.code, 'paid');
  const { status, amount, linkActivity } = await instantpay.track(server, link.id);
  assert.deepEqual([status, amount], ['CLAIMED', 1250]);
  assert.equal(linkActivity[0].status, 'Payout link created');
  const claimed = linkActivity.find((step) => step.status === 'Link Claimed successfully');
  assert.deepEqual([claimed.accountType, claimed.accountNumber, claimed.accountIfsc], ['ACCOUNT', 'xxxxxxxxxx', PAID.ifsc]);
  assert.match(claimed.activityAt, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});

test('an account that verification does not know is refused before money moves', async () => {
  for (const account of ['91234567890', '81234567890']) {
    const phone = newPhone();
    const { data } = await call('POST', 'create', request({ contactDetails: { name: 'Gaurav Kumar', mobile: phone, email: 'gaurav.kumar@example.com' } }));
    const link = { code: data.url.split('/').pop(), url: data.url };
    await claim(server, link, phone, bank(account));
    await eventually(`${account} is refused`, async () => (await server.claim(link.code)).last_failure);
    const { linkActivity } = await instantpay.track(server, data.linkId);
    assert.ok(linkActivity.some((step) => step.status === 'Beneficiary verification failed'), JSON.stringify(linkActivity));
    assert.ok(!(await server.operator('link', 'show', link.url)).text.includes(' settle '));
    await server.advance(31);
    await claim(server, link, phone, PAID);
    await server.claimBecomes(link.code, 'paid');
  }
});

test('a link is sent again to its contacts, and refused in words when it cannot be', async () => {
  const phone = newPhone();
  const email = `${newReference()}@example.com`;
  const link = await instantpay.create(server, { phone });
  const told = await call('POST', 'notify', { linkId: link.id });
  assert.equal(told.status, `Notification Link Sent To *******${phone.slice(-3)} and ******@example.com`);
  const sent = await eventually('the SMS', async () => (await server.messages(phone)).find(({ url }) => url));
  assert.equal(sent.url, link.url);
  assert.equal((await server.messages(email)).length, 0);
  await instantpay.cancel(server, link);
  assert.equal((await call('POST', 'notify', { linkId: link.id })).status, 'Link already CANCELLED');
  const { data } = await call('POST', 'create', request({ contactDetails: {}, verifyBene: false }));
  assert.equal((await call('POST', 'notify', { linkId: data.linkId })).status, 'Contact details not available');
});
