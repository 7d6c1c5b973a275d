// The same thing asked many times at once, over as many connections: it happens once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, startDisburse } from '../harness.mjs';
import { instantpay, newReference, payu, razorpay } from '../e2e/providers.mjs';
import { PAID, newPhone } from '../e2e/recipient.mjs';
import { LONG, shuffled, together } from './crowd.mjs';

const AT_ONCE = 50;
const ROUNDS = LONG ? 40 : 4;
const again = async (work) => {
  for (let round = 0; round < ROUNDS; ++round) await work(round);
};

let server;
before(async () => (server = await startDisburse()));
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
});

const settlements = async (link) => {
  const { text } = await server.operator('link', 'show', link.url);
  return (text.match(/^  \S+ +settle /gm) ?? []).length;
};
const claimPath = (link, rest) => `/api/v1/claims/${encodeURIComponent(link.code)}${rest}`;
const send = (link) => server.call('POST', claimPath(link, '/otp'), { body: { channel: 'sms' } });
const verify = (link, otp) => server.call('POST', claimPath(link, '/otp/verify'), { body: { otp } });

describe('fifty requests for one link', () => {
  const body = (amount, receipt) => ({
    account_number: server.sandbox.razorpay.account_number,
    contact: { name: 'Gaurav Kumar', contact: '9999999999', type: 'customer' },
    amount, currency: 'INR', purpose: 'refund', description: 'Order 4711', receipt,
  });
  const create = (key, what) =>
    server.call('POST', '/v1/payout-links', { headers: { ...razorpay.headers(server), 'x-payout-idempotency': key }, body: what });
  const listed = async (receipt) => {
    const target = `/v1/payout-links?receipt=${encodeURIComponent(receipt)}`;
    return (await server.expect(200, 'GET', target, { headers: razorpay.headers(server) })).items;
  };

  test('under one RazorpayX idempotency key: one link, and the same bytes for all', () =>
    again(async () => {
      const receipt = newReference();
      const answers = await together(AT_ONCE, () => create(receipt, body(1_000, receipt)));
      assert.equal(new Set(answers.map((answer) => `${answer.status} ${answer.text}`)).size, 1, answers[0].text);
      assert.equal(answers[0].status, 200, answers[0].text);
      assert.equal((await listed(receipt)).length, 1);
      const late = await create(receipt, body(1_000, receipt));
      assert.equal(late.text, answers[0].text, 'and later still the same');
    }));

  test('with two bodies under one key: one of the bodies wins, the other is refused', () =>
    again(async () => {
      const receipt = newReference();
      const answers = await together(AT_ONCE, (i) => create(receipt, body(1_000 + (i % 2), receipt)));
      const taken = answers.filter((answer) => answer.status === 200);
      assert.equal(taken.length, AT_ONCE / 2);
      assert.equal(new Set(taken.map((answer) => answer.text)).size, 1);
      for (const answer of answers.filter((one) => one.status !== 200)) assert.equal(answer.status, 400, answer.text);
      assert.equal((await listed(receipt)).length, 1);
    }));

  test('with one PayU merchantRefId: one link, and the others are duplicates', () =>
    again(async () => {
      const merchantRefId = newReference();
      const headers = await payu.headers(server);
      const wanted = { amount: 12, merchantRefId, custName: 'Gaurav Kumar', custMobile: '9999999999', description: 'Order 4711' };
      const answers = await together(AT_ONCE, () => server.call('POST', '/payout/smartPay', { headers, body: wanted }));
      const made = answers.filter((answer) => answer.body.status === 0);
      assert.equal(made.length, 1);
      const refused = new Set(answers.filter((answer) => answer.body.status !== 0).map((answer) => answer.text));
      assert.equal(refused.size, 1);
      assert.equal(JSON.parse([...refused][0]).data[0].code, 1103);
      assert.equal((await payu.status(server, merchantRefId)).data.linkId, made[0].body.data.linkId);
    }));

  // InstantPay's reference is the merchant's number for the recipient: nothing says that it is used once.
  test('with one InstantPay reference: as many links as were asked for, each with an id of its own', async () => {
    const reference = newReference();
    const links = await together(AT_ONCE, () => instantpay.create(server, { reference }));
    assert.equal(new Set(links.map((link) => link.id)).size, AT_ONCE);
    assert.equal(new Set(links.map((link) => link.code)).size, AT_ONCE);
  });
});

describe('the claim form', () => {
  const post = (link, rest, fields, cookie = '') =>
    server.call('POST', `/c/${link.code}${rest}`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', cookie },
      body: new URLSearchParams(fields).toString(),
    });
  for (const times of [2, 20]) {
    test(`sent ${times} times at once pays once, and every browser ends on the page`, () =>
      again(async () => {
        const phone = newPhone();
        const link = await server.razorpayLink({ phone });
        await post(link, '/otp', { channel: 'sms' });
        const proven = await post(link, '/otp/verify', { otp: await server.otp(phone) });
        const cookie = proven.headers.get('set-cookie').split(';')[0];
        const answers = await together(times, () => post(link, '/submit', PAID, cookie));
        for (const answer of answers) {
          assert.equal(answer.status, 303, answer.text);
          assert.match(answer.headers.get('location'), new RegExp(`/c/${link.code}$`));
        }
        await server.claimBecomes(link.code, 'paid');
        assert.equal(await settlements(link), 1);
      }));
  }
});

describe('two people with one link', () => {
  test('and one password: of fifty who enter it at once one is let in, and one account is paid', () =>
    again(async () => {
      const phone = newPhone();
      const link = await server.payuLink({ phone, reference: newReference() });
      await send(link);
      const otp = await server.otp(phone);
      const answers = await together(AT_ONCE, () => verify(link, otp));
      const proven = answers.filter((answer) => answer.status === 200);
      assert.equal(proven.length, 1, 'a password works once');
      for (const answer of answers.filter((one) => one.status !== 200)) assert.equal(answer.body.code, 'otp_not_sent');
      const token = proven[0].body.claim_token;
      const submits = await together(20, (i) =>
        server.submit(link.code, token, i % 2 ? PAID : { method: 'upi', vpa: 'success@sandbox' }));
      assert.equal(submits.filter((answer) => answer.status === 202).length, 1);
      await server.claimBecomes(link.code, 'paid');
      assert.equal(await settlements(link), 1);
    }));

  test('fifty guesses at once are five: the limit is not raced', () =>
    again(async () => {
      const phone = newPhone();
      const link = await server.razorpayLink({ phone });
      await send(link);
      const otp = Number(await server.otp(phone));
      const guesses = await together(AT_ONCE, (i) => verify(link, String((otp + 1 + i) % 1_000_000).padStart(6, '0')));
      const wrong = guesses.filter((answer) => answer.body.code === 'otp_wrong').length;
      assert.equal(wrong, 4, 'and the fifth locks');
      assert.ok(guesses.every((answer) => ['otp_wrong', 'otp_locked'].includes(answer.body.code)));
      assert.equal((await verify(link, String(otp).padStart(6, '0'))).body.code, 'otp_locked');
    }));
});

describe('sending the password', () => {
  test('asked for fifty times at once: one message', () =>
    again(async () => {
      const phone = newPhone();
      const link = await server.razorpayLink({ phone });
      const answers = await together(AT_ONCE, () => send(link));
      assert.equal(answers.filter((answer) => answer.status === 202).length, 1);
      assert.ok(answers.every((answer) => answer.status === 202 || answer.body.code === 'otp_too_soon'));
      const otp = await server.otp(phone);
      assert.equal((await verify(link, otp)).status, 200);
      assert.equal((await server.messages(phone)).filter((message) => message.otp).length, 1);
    }));

  test('again while the first is being entered: whoever comes first, one claim is taken', () =>
    again(async () => {
      const phone = newPhone();
      const link = await server.razorpayLink({ phone });
      await send(link);
      const first = await server.otp(phone);
      await server.advance(31);
      const enter = async () => ['entered', await verify(link, first)];
      const resend = async () => ['sent', await send(link)];
      const answers = await Promise.all(shuffled([enter, enter, enter, resend, resend, resend]).map((one) => one()));
      const good = (what) => answers.filter(([which, answer]) => which === what && answer.status < 300).map(([, answer]) => answer);
      assert.equal(good('sent').length, 1);
      assert.ok(good('entered').length <= 1);
      const codes = answers.map(([, answer]) => answer.body.code).filter(Boolean);
      assert.ok(codes.every((code) => ['otp_too_soon', 'otp_wrong', 'otp_not_sent'].includes(code)), `${codes}`);
      const second = await eventually('the second password', async () =>
        (await server.messages(phone)).map((message) => message.otp).find((otp) => otp && otp !== first));
      const tokens = good('entered').map((answer) => answer.body.claim_token);
      const late = await verify(link, second);
      assert.equal(late.status, 200, late.text);
      tokens.push(late.body.claim_token);
      const submits = await Promise.all(shuffled([...tokens, ...tokens]).map((token) => server.submit(link.code, token, PAID)));
      assert.equal(submits.filter((answer) => answer.status === 202).length, 1);
      await server.claimBecomes(link.code, 'paid');
      assert.equal(await settlements(link), 1);
    }));
});

describe('what was answered is read', () => {
  const HANDS = 32;
  const LIVES = LONG ? 200 : 20;
  // Many read all the time, so that a state of the store is held when others write.
  for (const provider of [razorpay, payu, instantpay]) {
    test(`by whoever asks next, through ${provider.name}`, async () => {
      let over = false;
      const other = await provider.create(server, { phone: newPhone() });
      const readers = together(8, async () => {
        while (!over) await server.claim(other.code);
      });
      await together(HANDS, async () => {
        for (let life = 0; life < LIVES / 4; ++life) {
          const link = await provider.create(server, { phone: newPhone() });
          assert.equal((await server.claim(link.code)).state, 'open', link.url);
          assert.equal(await provider.isCancelled(server, link), false, link.url);
          await provider.cancel(server, link);
          assert.ok(await provider.isCancelled(server, link), link.url);
          assert.equal((await server.claim(link.code)).state, 'cancelled', link.url);
        }
      });
      over = true;
      await readers;
    });
  }
});
