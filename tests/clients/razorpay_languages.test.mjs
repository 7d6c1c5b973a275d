// The official RazorpayX clients of other languages, unchanged, against the running program. One that cannot be installed
// on this machine is skipped, with the reason.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startReceiver } from '../e2e/receiver.mjs';
import { newPhone } from '../e2e/recipient.mjs';
import { startDisburse } from '../harness.mjs';
import { Bridge, go, python } from './bridges/bridge.mjs';

const clients = [
  {
    name: 'razorpay of PyPI',
    install: python,
    refusal: { error: 'BadRequestError', message: 'The id provided does not exist' },
  },
  {
    name: 'github.com/razorpay/razorpay-go',
    install: go,
    refusal: { error: '*errors.BadRequestError', message: 'The id provided does not exist' },
  },
];

for (const { name, install, refusal } of clients) {
  const client = await install().catch((error) => ({ why: error.message.split('\n').filter((line) => !line.startsWith('go: downloading')).join(' ').slice(0, 500) }));
  const skip = client.why && `it cannot be installed here: ${client.why}`;

  describe(name, () => {
    let server;
    let bridge;
    let keys;
    before(async () => {
      if (skip) return;
      server = await startDisburse();
      keys = server.sandbox.razorpay;
      bridge = new Bridge(client, { url: server.url, key_id: keys.key_id, key_secret: keys.key_secret });
    });
    after(async () => {
      if (skip) return;
      await bridge.stop();
      await server.stop();
    });
    const link = (more = {}) => ({
      account_number: keys.account_number,
      contact: { name: 'Gaurav Kumar', contact: newPhone(), email: 'gaurav.kumar@example.com', type: 'customer' },
      amount: 1000, currency: 'INR', purpose: 'refund', description: 'Payout link for Gaurav Kumar', receipt: 'Receipt No. 1',
      send_sms: true, send_email: true, notes: { random_key_1: 'Make it so.' },
      ...more,
    });
    const post = (path, body) => bridge.answer({ method: 'post', path, body });
    const get = (path, body = {}) => bridge.answer({ method: 'get', path, body });

    test('creates, fetches, lists and cancels', { skip }, async () => {
      const made = await post('/v1/payout-links', link({ receipt: 'of-another-language' }));
      assert.match(made.id, /^poutlk_[0-9A-Za-z]{14}$/);
      assert.deepEqual([made.status, made.amount, made.notes], ['issued', 1000, { random_key_1: 'Make it so.' }]);
      assert.deepEqual(await get(`/v1/payout-links/${made.id}`), made);
      const page = await get('/v1/payout-links', { receipt: 'of-another-language', count: 10, skip: 0 });
      assert.deepEqual([page.entity, page.count, page.items.map(({ id }) => id)], ['collection', 1, [made.id]]);
      const cancelled = await bridge.answer({ method: 'post', path: `/v1/payout-links/${made.id}/cancel`, body: null });
      assert.equal(cancelled.status, 'cancelled');
    });

    test('shows a refusal as it shows those of the provider', { skip }, async () => {
      assert.deepEqual(await bridge.ask({ method: 'get', path: '/v1/payout-links/poutlk_00000000000001', body: {} }), refusal);
    });

    test('takes the signatures of webhooks, and no other', { skip }, async () => {
      const receiver = await startReceiver();
      try {
        await server.addEndpoint('razorpay', receiver.url, { secret: 'whsec_test_123' });
        await post('/v1/payout-links', link({ description: 'चाय / “decaf…”' }));
        await receiver.waitFor(1);
        const { body, headers } = receiver.got[0];
        const signature = headers['x-razorpay-signature'];
        assert.equal(await bridge.answer({ verify: [body.toString(), signature, 'whsec_test_123'] }), true);
        assert.equal(await bridge.answer({ verify: [body.toString(), signature, 'another'] }), false);
        assert.equal(await bridge.answer({ verify: [`${body} `, signature, 'whsec_test_123'] }), false);
      } finally {
        await receiver.stop();
      }
    });
  });
}
