// Clients written for RazorpayX, as they are on npm, against the running program: only the address and the keys are ours.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Razorpay from 'razorpay';
import integrate from 'razorpayx-nodejs-sdk';
import { RazorpayX, RazorpayXError } from 'razorpayx-sdk';
import { startReceiver } from '../e2e/receiver.mjs';
import { claim, newPhone } from '../e2e/recipient.mjs';
import { codeOf, startDisburse } from '../harness.mjs';

let server;
let keys;
before(async () => {
  server = await startDisburse();
  keys = server.sandbox.razorpay;
});
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
});

const request = (more = {}) => ({
  account_number: keys.account_number,
  contact: { name: 'Gaurav Kumar', contact: newPhone(), email: 'gaurav.kumar@example.com', type: 'customer' },
  amount: 1000,
  currency: 'INR',
  purpose: 'refund',
  description: 'Payout link for Gaurav Kumar',
  receipt: 'Receipt No. 1',
  send_sms: true,
  send_email: true,
  notes: { random_key_1: 'Make it so.', random_key_2: 'Tea. Earl Grey. Hot.' },
  ...more,
});

function looksMade(link, asked) {
  assert.match(link.id, /^poutlk_[0-9A-Za-z]{14}$/);
  assert.match(link.contact_id, /^cont_[0-9A-Za-z]{14}$/);
  const { entity, status, amount, currency, purpose, description, receipt, notes, send_sms, send_email } = link;
  assert.deepEqual(
    { entity, status, amount, currency, purpose, description, receipt, notes, send_sms, send_email },
    {
      entity: 'payout_link', status: 'issued', amount: asked.amount, currency: 'INR', purpose: 'refund',
      description: asked.description, receipt: asked.receipt, notes: asked.notes, send_sms: true, send_email: true,
    },
  );
  assert.equal(link.contact.name, asked.contact.name);
  assert.equal(link.contact.contact, asked.contact.contact);
}

describe('razorpayx-sdk', () => {
  let client;
  before(() => (client = new RazorpayX({ keyId: keys.key_id, keySecret: keys.key_secret, baseUrl: `${server.url}/v1/` })));

  test('creates, fetches, lists and cancels', async () => {
    const asked = request({ receipt: 'sdk-1' });
    const made = await client.payoutLinks.create(asked);
    looksMade(made, asked);
    assert.deepEqual(await client.payoutLinks.fetch(made.id), made);
    const page = await client.payoutLinks.all({ count: 10, skip: 0, contact_id: made.contact_id, account_number: keys.account_number });
    assert.deepEqual([page.entity, page.count, page.items.length], ['collection', 1, 1]);
    assert.equal(page.items[0].id, made.id);
    const cancelled = await client.payoutLinks.cancel(made.id);
    assert.equal(cancelled.status, 'cancelled');
    assert.equal(typeof cancelled.cancelled_at, 'number');
    assert.equal((await client.payoutLinks.fetch(made.id)).status, 'cancelled');
  });

  test('follows a link until it is paid', async () => {
    const asked = request();
    const link = await client.payoutLinks.create(asked);
    const code = codeOf(link.short_url);
    await claim(server, { code }, asked.contact.contact);
    await server.claimBecomes(code, 'paid');
    const paid = await client.payoutLinks.fetch(link.id);
    assert.equal(paid.status, 'processed');
    assert.equal(paid.attempt_count, 1);
    assert.match(paid.fund_account_id, /^fa_/);
  });

  test('shows each refusal as the error that it expects', async () => {
    const made = await client.payoutLinks.create(request());
    await client.payoutLinks.cancel(made.id);
    const refusals = [
      [() => client.payoutLinks.cancel(made.id), 400, 'Payout Link is not in issued state and cannot be cancelled.'],
      [() => client.payoutLinks.fetch('poutlk_00000000000001'), 400, 'The id provided does not exist'],
      [() => client.payoutLinks.create(request({ amount: 0 })), 400, null],
      [() => client.payoutLinks.create(request({ currency: 'USD' })), 400, null],
    ];
    for (const [call, status, description] of refusals) {
      const error = await call().then(() => assert.fail('it was taken'), (refused) => refused);
      assert.ok(error instanceof RazorpayXError, String(error));
      assert.equal(error.statusCode, status);
      assert.equal(error.code, 'BAD_REQUEST_ERROR');
      assert.ok(error.message.length > 0);
      if (description) assert.equal(error.message, description);
      assert.equal(typeof error.metadata, 'object');
    }
    const stranger = new RazorpayX({ keyId: keys.key_id, keySecret: 'wrong', baseUrl: `${server.url}/v1/` });
    await assert.rejects(stranger.payoutLinks.fetch(made.id), (error) => error.statusCode === 401 && error.message === 'Authentication failed');
  });
});

describe('razorpayx-nodejs-sdk', () => {
  let client;
  before(() => (client = integrate(keys.key_id, keys.key_secret, `${server.url}/v1`)));

  test('creates, fetches, lists by its filters, and cancels with a double slash in the path', async () => {
    const asked = request({ receipt: 'nodejs-1' });
    const made = await client.PayoutLink.create(asked);
    looksMade(made, asked);
    assert.deepEqual(await client.PayoutLink.get(made.id), made);
    for (const filter of [
      { receipt: 'nodejs-1' },
      { id: made.id },
      { short_url: made.short_url },
      { contact_phone_number: asked.contact.contact },
      { contact_id: made.contact_id, status: 'issued', purpose: 'refund', count: 1, skip: 0 },
    ]) {
      const page = await client.PayoutLink.getAll(filter);
      assert.deepEqual(page.items.map(({ id }) => id), [made.id], JSON.stringify(filter));
    }
    const cancelled = await client.PayoutLink.cancel(made.id);
    assert.equal(cancelled.status, 'cancelled');
    assert.deepEqual((await client.PayoutLink.getAll({ receipt: 'nodejs-1', status: 'issued' })).items, []);
  });

  test('throws the answer of a refusal', async () => {
    const answer = await client.PayoutLink.create(request({ purpose: '' })).then(() => assert.fail('it was taken'), (refused) => refused);
    assert.equal(answer.status, 400);
    assert.equal(answer.data.error.code, 'BAD_REQUEST_ERROR');
    assert.equal(answer.data.error.field, 'purpose');
  });
});

describe('razorpay, the official client', () => {
  test('makes, reads and cancels a link through its generic calls', async () => {
    const client = new Razorpay({ key_id: keys.key_id, key_secret: keys.key_secret });
    client.api.rq.defaults.baseURL = server.url;
    const asked = request();
    const made = await client.api.post({ url: '/payout-links', data: asked });
    looksMade(made, asked);
    assert.deepEqual(await client.api.get({ url: `/payout-links/${made.id}` }), made);
    assert.equal((await client.api.post({ url: `/payout-links/${made.id}/cancel` })).status, 'cancelled');
    const refused = await client.api.get({ url: '/payout-links/poutlk_00000000000001' }).then(() => assert.fail('found'), (error) => error);
    assert.deepEqual([refused.statusCode, refused.error.code], [400, 'BAD_REQUEST_ERROR']);
  });

  test('takes the signatures of webhooks, and no other', async () => {
    const receiver = await startReceiver();
    try {
      await server.addEndpoint('razorpay', receiver.url, { secret: 'whsec_test_123' });
      const client = new RazorpayX({ keyId: keys.key_id, keySecret: keys.key_secret, baseUrl: `${server.url}/v1/` });
      const link = await client.payoutLinks.create(request({ description: 'चाय / “decaf…”' }));
      await client.payoutLinks.cancel(link.id);
      await receiver.waitFor(2);
      for (const { body, headers } of receiver.got) {
        const signature = headers['x-razorpay-signature'];
        assert.ok(Razorpay.validateWebhookSignature(body.toString(), signature, 'whsec_test_123'));
        assert.ok(!Razorpay.validateWebhookSignature(body.toString(), signature, 'another'));
        assert.ok(!Razorpay.validateWebhookSignature(`${body} `, signature, 'whsec_test_123'));
      }
    } finally {
      await receiver.stop();
    }
  });
});
