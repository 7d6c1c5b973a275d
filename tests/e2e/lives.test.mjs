// The lives of links through each API: the real program, real HTTP, a real webhook receiver, real restarts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, startDisburse } from '../harness.mjs';
import { providers } from './providers.mjs';
import { acknowledge, hang, refuse, startReceiver } from './receiver.mjs';
import { PAID, bank, claim, newPhone, upi } from './recipient.mjs';

// DISBURSE_PROVIDER: of this one only, where the same lives are lived over another store.
const chosen = providers.filter(({ name }) => [name, undefined].includes(process.env.DISBURSE_PROVIDER));

for (const provider of chosen) {
  describe(provider.name, () => {
    let server;
    let receiver;
    before(async () => {
      server = await startDisburse();
      receiver = await startReceiver();
      await server.addEndpoint(provider.name, receiver.url, provider.endpoint);
    });
    after(async () => {
      await receiver.stop();
      await server.ledgerIsRight();
      await server.stop();
    });
    // What was told of this link, in the order in which it came. What is told of others comes when it comes.
    const eventsOf = (link) =>
      receiver.got.filter((delivery) => provider.isAbout(delivery, link)).map((delivery) => provider.event(delivery));
    const toldOf = async (expected, link) => {
      await eventually(`${expected.length} webhooks`, () => eventsOf(link).length >= expected.length);
      assert.deepEqual(eventsOf(link), expected);
    };

    test('a link is made, looked up and cancelled, and cancelling twice is refused', async () => {
      const link = await provider.create(server);
      assert.ok(await provider.isOpen(server, link));
      assert.ok(await provider.cancel(server, link));
      assert.ok(await provider.isCancelled(server, link));
      assert.equal(await provider.cancel(server, link), false);
      assert.equal((await server.claim(link.code)).state, 'cancelled');
    });

    for (const [how, details] of [['bank account', PAID], ['UPI id', upi('success@sandbox')]]) {
      test(`a link claimed by ${how} is paid, and the merchant is told in order`, async () => {
        const phone = newPhone();
        const link = await provider.create(server, { phone });
        await claim(server, link, phone, details);
        const paid = await server.claimBecomes(link.code, 'paid');
        assert.match(paid.utr, /^\d{12}$/);
        await toldOf(provider.paidEvents, link);
      });
    }

    for (const [how, details] of [['account', bank('41234567890')], ['UPI id', upi('failure@sandbox')]]) {
      test(`a link whose ${how} the bank refuses can be claimed again and is paid once`, async () => {
        const phone = newPhone();
        const link = await provider.create(server, { phone });
        await claim(server, link, phone, details);
        await eventually('the refusal is shown', async () => (await server.claim(link.code)).last_failure);
        await toldOf(provider.failedEvents, link);
        await server.advance(31);
        await claim(server, link, phone, PAID);
        await server.claimBecomes(link.code, 'paid');
        const { text } = await server.operator('link', 'show', link.url);
        assert.equal(text.match(/^  \S+ +settle /gm).length, 1, text);
      });
    }

    test('a pending payout is settled an hour later', async () => {
      const phone = newPhone();
      const link = await provider.create(server, { phone });
      await claim(server, link, phone, bank('61234567890'));
      assert.equal((await server.claim(link.code)).state, 'submitted');
      assert.equal(await provider.cancel(server, link), false, 'a claimed link is not cancelled');
      await server.advance(3700);
      await server.claimBecomes(link.code, 'paid');
    });

    test('a reversed payout is told, and the money is back', async () => {
      const phone = newPhone();
      const link = await provider.create(server, { phone });
      await claim(server, link, phone, bank('71234567890'));
      await server.claimBecomes(link.code, 'paid');
      await server.advance(3700);
      await eventually('the reversal is in the link’s history', async () =>
        (await server.operator('link', 'show', link.url)).text.includes('payout_reversed'),
      );
      if (provider.reversedEvent) await eventually('the reversal is told', () => eventsOf(link).includes(provider.reversedEvent));
      await server.ledgerIsRight();
    });

    test('a link that nobody claims expires when the clock says so', async () => {
      const link = await provider.create(server);
      await server.advance(8 * 24 * 3600);
      assert.ok(await provider.isExpired(server, link));
      assert.equal((await server.claim(link.code)).state, 'expired');
      if (provider.expiredEvent) await eventually('the expiry is told', () => eventsOf(link).includes(provider.expiredEvent));
    });

    for (const signal of ['SIGTERM', 'SIGKILL']) {
      test(`a restart by ${signal} in the middle loses nothing and pays once`, async () => {
        const phone = newPhone();
        const untouched = await provider.create(server);
        const link = await provider.create(server, { phone });
        await claim(server, link, phone, bank('61234567890'));
        await server.restart(signal);
        assert.ok(await provider.isOpen(server, untouched), 'an acknowledged link is there');
        assert.equal((await server.claim(link.code)).state, 'submitted');
        await server.advance(3700);
        await server.claimBecomes(link.code, 'paid');
        // At least once: what was on its way when the program ended may come again, and only that.
        await eventually('everything is told', () => eventsOf(link).includes(provider.paidEvents.at(-1)));
        assert.deepEqual([...new Set(eventsOf(link))], provider.paidEvents);
        assert.ok(await provider.cancel(server, untouched));
        await server.ledgerIsRight();
      });
    }
  });
}

describe('webhooks', () => {
  let server;
  before(async () => (server = await startDisburse()));
  after(() => server.stop());

  test('a receiver that hangs or fails delays nobody else, is tried again in its order, and can be replayed', async () => {
    const bad = await startReceiver(refuse);
    const stuck = await startReceiver(hang);
    const good = await startReceiver();
    const failing = await server.addEndpoint('razorpay', bad.url, { secret: 'whsec_test_123' });
    await server.addEndpoint('razorpay', stuck.url);
    const fine = await server.addEndpoint('razorpay', good.url);
    try {
      const link = await server.razorpayLink();
      await server.cancelRazorpayLink(link.id);
      await good.waitFor(2, 'the good receiver hears of both at once');
      assert.deepEqual(good.got.map((d) => JSON.parse(d.body).event), ['payout_link.issued', 'payout_link.cancelled']);
      await bad.waitFor(1);
      const first = bad.got[0].headers['x-razorpay-event-id'];
      bad.answer = acknowledge;
      await server.advance(70);
      await bad.waitFor(3, 'the failed one again, then the next of its link');
      assert.equal(bad.got[1].headers['x-razorpay-event-id'], first);
      assert.deepEqual(bad.got.slice(1).map((d) => JSON.parse(d.body).event), ['payout_link.issued', 'payout_link.cancelled']);
      await eventually('the deliveries are recorded', async () =>
        (await server.deliveries(failing.id)).every((delivery) => delivery.state === 'delivered'),
      );
      const [newest] = await server.deliveries(fine.id);
      await server.expect(202, 'POST', `/api/v1/webhooks/${fine.id}/deliveries/${newest.id}/replay`, {
        headers: { authorization: `Bearer ${server.sandbox.house.token}` },
      });
      await good.waitFor(3, 'the replay');
      assert.equal(good.got[2].headers['x-razorpay-event-id'], good.got[1].headers['x-razorpay-event-id']);
    } finally {
      await Promise.all([bad.stop(), stuck.stop(), good.stop()]);
    }
  });
});
