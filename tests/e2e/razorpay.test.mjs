// What only RazorpayX's API has: its signed events, idempotency keys, lists, forms and expanded payouts.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { eventually, startDisburse } from '../harness.mjs';
import { newReference, razorpay } from './providers.mjs';
import { acknowledge, answerWith, refuse, startReceiver } from './receiver.mjs';
import { PAID, bank, claim, newPhone, upi } from './recipient.mjs';

const SECRET = 'whsec_test_123';
let server;
before(async () => (server = await startDisburse()));
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
});

const sign = (body, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex');
const entityOf = (delivery) => JSON.parse(delivery.body).payload.payout_link.entity;
const isOfPayout = ({ body }) => JSON.parse(body).event.startsWith('payout.');
const aboutLink = (receiver, link) => receiver.got.filter((delivery) => !isOfPayout(delivery) && razorpay.isAbout(delivery, link));
const request = (more = {}) => ({
  account_number: server.sandbox.razorpay.account_number,
  contact: { name: 'Gaurav Kumar', contact: newPhone(), email: 'gaurav.kumar@example.com', type: 'customer' },
  amount: 125_000,
  currency: 'INR',
  purpose: 'refund',
  description: 'Order 4711',
  ...more,
});
const create = (body, headers = {}) =>
  server.call('POST', '/v1/payout-links', { headers: { ...razorpay.headers(server), ...headers }, body });
const list = (query) =>
  server.expect(200, 'GET', `/v1/payout-links?${new URLSearchParams(query)}`, { headers: razorpay.headers(server) });

test('a link has the documented shape when it is made, fetched, listed and cancelled', async () => {
  const receipt = newReference();
  const notes = { random_key_1: 'Tea, Earl Grey, Hot', random_key_2: 'Tea, Earl Grey… decaf.' };
  const { status, body: made } = await create(request({ receipt, notes }));
  assert.equal(status, 200);
  assert.match(made.id, /^poutlk_[0-9A-Za-z]{14}$/);
  assert.match(made.contact_id, /^cont_[0-9A-Za-z]{14}$/);
  assert.match(made.short_url, /\/i\/[0-9A-Za-z]{22}$/);
  const { entity, amount, currency, purpose, receipt: kept, notes: told, fund_account_id, cancelled_at } = made;
  assert.deepEqual(
    { entity, status: made.status, amount, currency, purpose, kept, told, fund_account_id, cancelled_at },
    {
      entity: 'payout_link', status: 'issued', amount: 125_000, currency: 'INR', purpose: 'refund', kept: receipt, told: notes,
      fund_account_id: null, cancelled_at: null,
    },
  );
  const fetched = await razorpay.fetch(server, made.id);
  assert.deepEqual({ ...fetched }, { ...made });
  const { entity: collection, count, items } = await list({ receipt });
  assert.deepEqual([collection, count, items[0].id], ['collection', 1, made.id]);
  const cancelled = await server.cancelRazorpayLink(made.id);
  assert.equal(cancelled.status, 'cancelled');
  assert.ok(Math.abs(cancelled.cancelled_at - made.created_at) < 60);
});

test('events are signed over their exact bytes, letters beyond ASCII and slashes as they are', async () => {
  const receiver = await startReceiver();
  try {
    const endpoint = await server.addEndpoint('razorpay', receiver.url, { secret: SECRET });
    const link = await razorpay.create(server, { description: 'चाय / “decaf…”', notes: { path: 'a/b\\c', name: 'Zoë' } });
    await receiver.waitFor(1);
    const [delivery] = receiver.got;
    assert.equal(delivery.method, 'POST');
    assert.match(delivery.headers['content-type'], /^application\/json/);
    assert.equal(delivery.headers['x-razorpay-signature'], sign(delivery.body));
    assert.notEqual(delivery.headers['x-razorpay-signature'], sign(delivery.body, 'another secret'));
    const text = delivery.body.toString('utf8');
    assert.ok(text.includes('"चाय / “decaf…”"'), text);
    // Receivers that sign what they have parsed and printed again are right as well.
    assert.equal(JSON.stringify(JSON.parse(text)), text);
    const told = JSON.parse(text);
    assert.deepEqual(Object.keys(told), ['entity', 'account_id', 'event', 'contains', 'payload', 'created_at']);
    assert.equal(told.account_id, `acc_${server.sandbox.merchant.id}`);
    const { entity } = told.payload.payout_link;
    assert.deepEqual([entity.id, entity.status, entity.attempt_count], [link.id, 'issued', 0]);
    await server.expect(204, 'DELETE', `/api/v1/webhooks/${endpoint.id}`, {
      headers: { authorization: `Bearer ${server.sandbox.house.token}` },
    });
    await server.cancelRazorpayLink(link.id);
    const unheard = await razorpay.create(server);
    await server.advance(1);
    assert.deepEqual(aboutLink(receiver, unheard), [], 'an endpoint that was removed hears nothing');
  } finally {
    await receiver.stop();
  }
});

test('an endpoint without a secret of its own is signed with the account’s, and one that chose events gets only those', async () => {
  const plain = await startReceiver();
  const choosy = await startReceiver();
  try {
    await server.addEndpoint('razorpay', plain.url);
    await server.addEndpoint('razorpay', choosy.url, { secret: SECRET, events: ['payout_link.processed', 'payout_link.cancelled'] });
    const phone = newPhone();
    const link = await razorpay.create(server, { phone });
    await claim(server, link, phone, bank('41234567890'));
    await eventually('the refusal', async () => (await server.claim(link.code)).last_failure);
    await server.advance(31);
    await claim(server, link, phone, upi('success@sandbox'));
    await server.claimBecomes(link.code, 'paid');
    await eventually('the end is told', () => aboutLink(choosy, link).length && aboutLink(plain, link).length === 5);
    assert.deepEqual(aboutLink(choosy, link).map(razorpay.event), ['payout_link.processed']);
    const { webhook_secret } = server.sandbox.razorpay;
    assert.ok(plain.got.every(({ headers, body }) => headers['x-razorpay-signature'] === sign(body, webhook_secret)));
    assert.deepEqual(
      aboutLink(plain, link).map((delivery) => [JSON.parse(delivery.body).event, entityOf(delivery).status, entityOf(delivery).attempt_count]),
      [
        ['payout_link.issued', 'issued', 0],
        ['payout_link.processing', 'processing', 1],
        ['payout_link.attempted', 'issued', 1],
        ['payout_link.processing', 'processing', 2],
        ['payout_link.processed', 'processed', 2],
      ],
    );
  } finally {
    await Promise.all([plain.stop(), choosy.stop()]);
  }
});

test('the link is issued again before payout.failed leaves: a receiver that cancels on it succeeds', async () => {
  const cancels = [];
  const receiver = await startReceiver();
  try {
    await server.addEndpoint('razorpay', receiver.url, { secret: SECRET });
    const phone = newPhone();
    const link = await razorpay.create(server, { phone });
    receiver.answer = async (delivery, response) => {
      const { event, payload } = JSON.parse(delivery.body);
      if (event === 'payout.failed' && payload.payout.entity.reference_id === link.reference) {
        cancels.push(await server.call('POST', `/v1/payout-links/${link.id}/cancel`, { headers: razorpay.headers(server) }));
      }
      acknowledge(delivery, response);
    };
    await claim(server, link, phone, bank('41234567890'));
    await eventually('the end is told', () => aboutLink(receiver, link).some((delivery) => razorpay.event(delivery) === 'payout_link.cancelled'));
    assert.deepEqual(cancels.map(({ status, body }) => [status, body.status, body.attempt_count]), [[200, 'cancelled', 1]]);
    assert.equal((await razorpay.fetch(server, link.id)).status, 'cancelled');
  } finally {
    await receiver.stop();
  }
});

test('a payout carries its link’s notes, purpose and receipt, and says why it failed', async () => {
  const receiver = await startReceiver();
  try {
    await server.addEndpoint('razorpay', receiver.url, { secret: SECRET, events: ['payout.failed', 'payout.initiated'] });
    const phone = newPhone();
    const notes = { source_doctype: 'Payment Entry', source_docname: 'PE-1' };
    const link = await razorpay.create(server, { phone, notes });
    await claim(server, link, phone, bank('41234567890'));
    await receiver.waitFor(2);
    const [initiated, failed] = receiver.got.map(({ body }) => JSON.parse(body));
    assert.deepEqual([initiated.event, failed.event], ['payout.initiated', 'payout.failed']);
    assert.deepEqual(failed.contains, ['payout']);
    const payout = failed.payload.payout.entity;
    assert.deepEqual([payout.notes, payout.purpose, payout.reference_id, payout.status], [notes, 'refund', link.reference, 'failed']);
    assert.equal(payout.status_details.reason, 'bank_account_closed');
    assert.equal(payout.failure_reason, payout.status_details.description);
    assert.deepEqual([initiated.payload.payout.entity.id, initiated.payload.payout.entity.status], [payout.id, 'processing']);
  } finally {
    await receiver.stop();
  }
});

test('a delivery is tried again after 1, 2, 4 … minutes with the same id, and after a day the endpoint is disabled', async () => {
  const receiver = await startReceiver(refuse);
  try {
    const endpoint = await server.addEndpoint('razorpay', receiver.url, { secret: SECRET });
    const link = await razorpay.create(server);
    const tries = (count) =>
      eventually(`${count} tries`, async () => {
        const [delivery] = await server.deliveries(endpoint.id);
        return delivery?.tries === count && delivery;
      });
    await tries(1);
    for (const [minutes, count] of [[1, 2], [2, 3], [4, 4], [8, 5]]) {
      await server.advance(minutes * 60 + 1);
      await tries(count);
    }
    const [delivery] = await server.deliveries(endpoint.id);
    const at = delivery.attempts.sort((a, b) => a.number - b.number).map((attempt) => Date.parse(attempt.at));
    for (const [i, minutes] of [1, 2, 4, 8].entries()) assert.ok(at[i + 1] - at[i] >= minutes * 60_000, `${minutes} minutes`);
    assert.equal(new Set(receiver.got.map(({ headers }) => headers['x-razorpay-event-id'])).size, 1);
    assert.equal(new Set(receiver.got.map(({ headers }) => headers['x-razorpay-signature'])).size, 1);
    await server.advance(24 * 3600);
    await eventually('given up', async () => (await server.deliveries(endpoint.id))[0].state === 'given_up');
    const { webhooks } = await server.expect(200, 'GET', '/api/v1/webhooks', {
      headers: { authorization: `Bearer ${server.sandbox.house.token}` },
    });
    assert.ok(webhooks.find(({ id }) => id === endpoint.id).disabled_at, 'the endpoint is disabled');
    receiver.answer = acknowledge;
    const heard = receiver.got.length;
    await server.cancelRazorpayLink(link.id);
    await server.advance(3600);
    assert.equal(receiver.got.length, heard, 'a disabled endpoint hears nothing');
  } finally {
    await receiver.stop();
  }
});

test('what was sent is sent again by event, by time and by event id, with the same ids and bytes', async () => {
  const receiver = await startReceiver();
  const headers = { authorization: `Bearer ${server.sandbox.house.token}` };
  try {
    const endpoint = await server.addEndpoint('razorpay', receiver.url, { secret: SECRET });
    const base = `/api/v1/webhooks/${endpoint.id}`;
    const before = (await server.advance(60)).now;
    const first = await razorpay.create(server);
    await receiver.waitFor(1);
    const between = (await server.advance(60)).now;
    await server.cancelRazorpayLink(first.id);
    await razorpay.create(server);
    await receiver.waitFor(3);
    const said = receiver.got.map(({ body }) => body.toString());
    const names = said.map((body) => JSON.parse(body).event);
    const cancelled = names.indexOf('payout_link.cancelled');
    const replay = async (wish, expected) => {
      receiver.got.length = 0;
      const { deliveries } = await server.expect(202, 'POST', `${base}/replays`, { headers, body: wish });
      assert.equal(deliveries.length, expected.length, JSON.stringify(wish));
      assert.ok(deliveries.every(({ replay_of }) => replay_of));
      await receiver.waitFor(expected.length);
      assert.deepEqual(receiver.got.map(({ body }) => body.toString()).sort(), expected.map((i) => said[i]).sort());
    };
    await replay({ event: 'payout_link.cancelled' }, [cancelled]);
    const at = receiver.got[0].headers['x-razorpay-event-id'];
    await replay({ event_id: at }, [cancelled]);
    await replay({ from: before, to: between }, [0]);
    await replay({ from: between }, [1, 2]);
    await replay({ from: before, event: 'payout_link.issued' }, [0, names.indexOf('payout_link.issued', 1)]);
    await server.expect(400, 'POST', `${base}/replays`, { headers, body: {} });
    await server.expect(400, 'POST', `${base}/replays`, { headers, body: { from: 'yesterday' } });
    const { deliveries } = await server.expect(200, 'GET', `${base}/deliveries?event=payout_link.cancelled&from=${between}`, { headers });
    assert.equal(deliveries.length, 4, 'the first and its three replays');
  } finally {
    await receiver.stop();
  }
});

test('an endpoint is changed and enabled again; what was waiting keeps the secret that it was made under', async () => {
  const receiver = await startReceiver(refuse);
  const headers = { authorization: `Bearer ${server.sandbox.house.token}` };
  try {
    const { id } = await server.addEndpoint('razorpay', receiver.url, { secret: SECRET });
    const patch = (body, status = 200) => server.expect(status, 'PATCH', `/api/v1/webhooks/${id}`, { headers, body });
    await razorpay.create(server);
    await receiver.waitFor(1);
    await patch({ secret: 'another', events: ['payout_link.issued'] });
    receiver.answer = acknowledge;
    await server.advance(61);
    await receiver.waitFor(2);
    await razorpay.create(server);
    await receiver.waitFor(3);
    const signs = receiver.got.map(({ headers: sent, body }) => sent['x-razorpay-signature'] === sign(body));
    assert.deepEqual(signs, [true, true, false]);
    assert.equal(receiver.got[2].headers['x-razorpay-signature'], sign(receiver.got[2].body, 'another'));
    assert.ok((await patch({ enabled: false })).disabled_at);
    assert.equal((await patch({ enabled: true, events: null })).disabled_at, null);
    const last = await razorpay.create(server);
    await eventually('it hears again', () => aboutLink(receiver, last).length === 1);
    await patch({ url: 'not a url' }, 400);
    await patch({ events: ['payout_link.invented'] }, 400);
    await patch({ enabled: 'yes' }, 400);
  } finally {
    await receiver.stop();
  }
});

test('any 2xx is an acknowledgement, a redirect is none', async () => {
  const receiver = await startReceiver(answerWith(202));
  try {
    const endpoint = await server.addEndpoint('razorpay', receiver.url);
    const link = await razorpay.create(server);
    await eventually('delivered', async () => (await server.deliveries(endpoint.id))[0]?.state === 'delivered');
    receiver.answer = answerWith(307, '', { location: receiver.url });
    await server.cancelRazorpayLink(link.id);
    const tried = await eventually('tried', async () =>
      (await server.deliveries(endpoint.id)).find(({ event, tries }) => event === 'payout_link.cancelled' && tries === 1));
    assert.deepEqual([tried.state, tried.attempts[0].status], ['due', 307]);
    assert.equal(receiver.got.length, 2, 'the redirect is not followed');
  } finally {
    await receiver.stop();
  }
});

test('an idempotency key gets the first answer byte for byte, also after a crash, and other requests are refused', async () => {
  const body = request({ receipt: newReference() });
  const key = { 'x-payout-idempotency': `key-${newReference()}` };
  const first = await create(body, key);
  assert.equal(first.status, 200);
  const many = await Promise.all(Array.from({ length: 20 }, () => create(body, key)));
  assert.deepEqual([...new Set(many.map(({ text }) => text))], [first.text]);
  await server.restart('SIGKILL');
  assert.equal((await create(body, key)).text, first.text);
  const other = await create({ ...body, amount: 125_001 }, key);
  assert.equal(other.status, 400, other.text);
  assert.equal((await list({ receipt: body.receipt })).count, 1);
});

test('forms with brackets are read like JSON', async () => {
  const fields = {
    account_number: server.sandbox.razorpay.account_number, 'contact[name]': 'Gaurav Kumar', 'contact[contact]': newPhone(),
    'contact[type]': 'customer', amount: '1000', currency: 'INR', purpose: 'refund', description: 'Form', 'notes[a]': 'b c',
    send_sms: '0',
  };
  const { status, body } = await create(new URLSearchParams(fields).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual([body.amount, body.notes, body.contact.name], [1000, { a: 'b c' }, 'Gaurav Kumar']);
});

test('lists are paged, newest first, and filtered', async () => {
  const contact = newPhone();
  const made = [];
  for (let i = 0; i < 5; ++i) made.unshift((await create(request({ contact: { name: 'Gaurav Kumar', contact } }))).body.id);
  const ids = ({ items }) => items.map(({ id }) => id);
  assert.deepEqual(ids(await list({ contact_phone_number: contact })), made);
  assert.deepEqual(ids(await list({ contact_phone_number: contact, count: 2, skip: 1 })), made.slice(1, 3));
  await server.cancelRazorpayLink(made[0]);
  assert.deepEqual(ids(await list({ contact_phone_number: contact, status: 'cancelled' })), [made[0]]);
  assert.equal((await list({ contact_phone_number: '9123400000' })).count, 0);
});

test('a hundred and one links are two pages, and pages of no or too many links are refused', async () => {
  const email = 'pages@example.com';
  const ids = await Promise.all(Array.from({ length: 101 }, () => create(request({ contact: { name: 'Gaurav Kumar', email } })).then(({ body }) => body.id)));
  const first = await list({ contact_email: email, count: 100 });
  const rest = await list({ contact_email: email, count: 100, skip: 100 });
  assert.deepEqual([first.count, rest.count], [100, 1]);
  assert.deepEqual([...first.items, ...rest.items].map(({ id }) => id).sort(), [...ids].sort());
  for (const count of ['0', '101', 'abc']) {
    const answer = await server.call('GET', `/v1/payout-links?count=${count}`, { headers: razorpay.headers(server) });
    assert.deepEqual([answer.status, answer.body.error.field], [400, 'count'], answer.text);
  }
});

test('a claimed link tells its payouts: one a try, with the bank’s reference when paid', async () => {
  const phone = newPhone();
  const link = await razorpay.create(server, { phone });
  await claim(server, link, phone, bank('41234567890'));
  await eventually('the refusal', async () => (await server.claim(link.code)).last_failure);
  await server.advance(31);
  await claim(server, link, phone, PAID);
  const { utr } = await server.claimBecomes(link.code, 'paid');
  const target = `/v1/payout-links/${link.id}?expand[]=payouts`;
  const told = await server.expect(200, 'GET', target, { headers: razorpay.headers(server) });
  assert.equal(told.status, 'processed');
  assert.match(told.fund_account_id, /^fa_[0-9A-Za-z]{14}$/);
  assert.equal(told.payouts.count, 2);
  const [newest, oldest] = told.payouts.items;
  assert.deepEqual([newest.status, newest.utr, newest.amount], ['processed', utr, 125_000]);
  assert.ok(['reversed', 'failed', 'rejected'].includes(oldest.status), oldest.status);
  assert.ok(!JSON.stringify(told).includes(PAID.account_number), 'no account number is told');
  const refused = await server.call('POST', `/v1/payout-links/${link.id}/cancel`, { headers: razorpay.headers(server) });
  assert.equal(refused.status, 400, 'a paid link is not cancelled');
});
