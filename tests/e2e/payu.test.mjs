// What only PayU's API has: its tokens, its webhook settings, and how it delivers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, startDisburse } from '../harness.mjs';
import { newReference, payu } from './providers.mjs';
import { answerWith, startReceiver } from './receiver.mjs';
import { PAID, bank, claim, newPhone } from './recipient.mjs';

const SCOPE = 'create_payout_transactions';
const HEX_64 = /^[0-9a-f]{64}$/;
let server;
before(async () => (server = await startDisburse()));
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
});

function token(fields, target = '/oauth/token') {
  return server.call('POST', target, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
}
function login(more = {}) {
  const { public_client_id: client_id, username, password } = server.sandbox.payu;
  return token({ grant_type: 'password', client_id, username, password, scope: SCOPE, ...more });
}
const opens = async (access_token) => {
  const answer = await server.call('GET', '/payout/smartPay/status?merchantRefId=none', {
    headers: { authorization: `Bearer ${access_token}`, payoutMerchantId: server.sandbox.payu.payout_merchant_id },
  });
  return answer.status === 200;
};

test('a login is answered with an access token and a refresh token in the documented shape', async () => {
  const { status, body } = await login();
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), [
    'access_token', 'token_type', 'expires_in', 'refresh_token', 'scope', 'created_at', 'user_uuid',
  ]);
  assert.match(body.access_token, HEX_64);
  assert.match(body.refresh_token, HEX_64);
  assert.equal(body.token_type, 'Bearer');
  assert.equal(body.scope, SCOPE);
  assert.ok(body.expires_in > 7100 && body.expires_in <= 7200, `${body.expires_in}`);
  assert.ok(await opens(body.access_token));
});

test('a client’s own id and secret get an access token alone, also at /token', async () => {
  const { client_id, client_secret } = server.sandbox.payu;
  for (const target of ['/oauth/token', '/token', '/oauth//token/']) {
    const { status, body } = await token({ grant_type: 'client_credentials', client_id, client_secret, scope: SCOPE }, target);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ['access_token', 'token_type', 'expires_in', 'scope', 'created_at']);
    assert.ok(await opens(body.access_token));
  }
});

test('wrong logins, secrets and scopes are refused in the words of OAuth', async () => {
  const { client_id } = server.sandbox.payu;
  for (const [answer, error] of [
    [await login({ password: 'wrong' }), 'invalid_grant'],
    [await login({ username: 'nobody@example.com' }), 'invalid_grant'],
    [await login({ scope: 'everything' }), 'invalid_scope'],
    [await login({ username: '' }), 'invalid_request'],
    [await token({ grant_type: 'client_credentials', client_id, client_secret: 'wrong', scope: SCOPE }), 'invalid_client'],
    [await token({ grant_type: 'refresh_token', client_id: server.sandbox.payu.public_client_id, refresh_token: 'f'.repeat(64) }), 'invalid_grant'],
  ]) {
    assert.equal(answer.status, 401, answer.text);
    assert.equal(answer.body.error, error, answer.text);
    assert.ok(answer.body.error_description, answer.text);
  }
});

test('a refresh token works once, and the older access token lives on until its own end', async () => {
  const { body: first } = await login();
  await server.advance(3600);
  const again = { grant_type: 'refresh_token', client_id: server.sandbox.payu.public_client_id, refresh_token: first.refresh_token };
  const { status, body: second, text } = await token(again);
  assert.equal(status, 200, text);
  assert.notEqual(second.access_token, first.access_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal((await token(again)).body.error, 'invalid_grant');
  assert.ok(await opens(first.access_token));
  await server.advance(3601);
  assert.equal(await opens(first.access_token), false, 'two hours are over');
  assert.ok(await opens(second.access_token));
  await server.advance(30 * 24 * 3600);
  assert.equal((await token({ ...again, refresh_token: second.refresh_token })).body.error, 'invalid_grant', 'after thirty days');
});

test('tokens outlive a restart', async () => {
  const { body } = await login();
  await server.restart('SIGKILL');
  assert.ok(await opens(body.access_token));
});

const webhooks = async (method, body) =>
  server.expect(200, method, '/payout/v2/webhook', { headers: await payu.headers(server), body });
const SAVED = { status: 0, msg: 'Webhook saved successfully', code: null, data: null };

test('webhooks are set, routed, replaced and removed through PayU’s own API', async () => {
  const [fallback, success, replaced] = [await startReceiver(), await startReceiver(), await startReceiver()];
  const paidLink = async () => {
    const phone = newPhone();
    const link = await payu.create(server, { phone });
    await claim(server, link, phone, PAID);
    await server.claimBecomes(link.code, 'paid');
    return link;
  };
  const heard = (receiver, link) =>
    receiver.got.filter((delivery) => payu.isAbout(delivery, link)).map((delivery) => JSON.parse(delivery.body).event);
  try {
    assert.deepEqual(
      await webhooks('POST', [
        { webhook: 'default', values: { url: fallback.url } },
        { webhook: ' Transfer_Success', values: { url: success.url, authorization: 'asjafya56%^eyy63547ysrt4' } },
      ]),
      SAVED,
    );
    const link = await paidLink();
    await eventually('both are told', () => heard(success, link).length && heard(fallback, link).length);
    assert.deepEqual(heard(success, link), ['TRANSFER_SUCCESS']);
    assert.deepEqual(heard(fallback, link), ['SMART_SEND_DETAIL_SUBMITTED']);
    const [delivery] = success.got;
    assert.equal(delivery.headers.authorization, 'asjafya56%^eyy63547ysrt4', 'as it was given, without a scheme');
    assert.match(delivery.headers['content-type'], /^application\/json/);
    const told = JSON.parse(delivery.body);
    assert.deepEqual(Object.keys(told), [
      'event', 'msg', 'payuRefId', 'merchantReferenceId', 'bankReferenceId', 'authorization', 'payoutMerchantId',
    ]);
    assert.equal(told.authorization, '', 'the secret is not in the body');
    assert.equal(told.payoutMerchantId, '1111122');
    assert.equal(told.bankReferenceId, (await server.claim(link.code)).utr);
    assert.equal(fallback.got[0].headers.authorization, undefined);

    // What was set is kept, and is never shown.
    await server.restart();
    const { data } = await webhooks('GET');
    assert.ok(JSON.stringify(data).includes(success.url));
    assert.ok(!JSON.stringify(data).includes('eyy63547ysrt4'), 'the secret is shown to nobody');

    assert.deepEqual(await webhooks('POST', { webhook: 'transfer_success', values: { url: replaced.url } }), SAVED);
    const second = await paidLink();
    await eventually('the new URL is told', () => heard(replaced, second).length);
    await eventually('the default is told', () => heard(fallback, second).length);
    assert.deepEqual([heard(success, second), heard(replaced, second)], [[], ['TRANSFER_SUCCESS']]);

    const gone = await webhooks('DELETE', { webhook: ['transfer_success'] });
    assert.equal(gone.status, 0, JSON.stringify(gone));
    const third = await paidLink();
    await eventually('the default hears of all', () => heard(fallback, third).length === 2);
    assert.deepEqual(heard(replaced, third), []);
    await webhooks('DELETE', { webhook: ['default'] });
    assert.ok(!JSON.stringify(await webhooks('GET')).includes('127.0.0.1'));
  } finally {
    await Promise.all([fallback.stop(), success.stop(), replaced.stop()]);
  }
});

test('a bad webhook setting is refused, and an array of settings is saved whole or not at all', async () => {
  const good = { webhook: 'transfer_failed', values: { url: 'http://127.0.0.1:9/never' } };
  for (const bad of ['not a url', 'ftp://127.0.0.1/x', '']) {
    assert.deepEqual(await webhooks('POST', [good, { webhook: 'transfer_success', values: { url: bad } }]), {
      status: 1, msg: 'Webhook url is invalid', code: 20407, data: null,
    });
  }
  assert.deepEqual(await webhooks('POST', [good, { webhook: 'lottery_won', values: good.values }]), {
    status: 1, msg: 'Invalid value', code: null, data: null,
  });
  const injected = await webhooks('POST', { ...good, values: { ...good.values, authorization: 'x\r\nX-More: y' } });
  assert.equal(injected.status, 1, 'no second header');
  assert.ok(!JSON.stringify(await webhooks('GET')).includes('127.0.0.1'), 'nothing was saved');
});

test('a delivery is tried three times, a minute and five minutes later, and only 200 is an answer', async () => {
  const receiver = await startReceiver(answerWith(204));
  try {
    const endpoint = await server.addEndpoint('payu', receiver.url, { events: ['SMART_SEND_CANCELLED'] });
    const link = await payu.create(server);
    await payu.cancel(server, link);
    const tried = (count, state) =>
      eventually(`${count} tries, ${state}`, async () => {
        const [delivery] = await server.deliveries(endpoint.id);
        return delivery?.tries === count && delivery.state === state && delivery;
      });
    await tried(1, 'due');
    receiver.answer = answerWith(302, '', { location: receiver.url });
    await server.advance(55);
    await server.advance(6);
    await tried(2, 'due');
    receiver.answer = answerWith(500, 'broken');
    await server.advance(290);
    await server.advance(11);
    const last = await tried(3, 'given_up');
    const inOrder = last.attempts.sort((a, b) => a.number - b.number);
    assert.deepEqual(inOrder.map(({ status }) => status), [204, 302, 500]);
    const [first, second, third] = inOrder.map(({ at }) => Date.parse(at));
    assert.ok(second - first >= 60_000 && third - second >= 300_000, 'a minute, then five');
    assert.ok(last.attempts.every(({ acknowledged }) => !acknowledged));
    assert.equal(last.attempts.find(({ status }) => status === 500).answer, 'broken');
    await server.advance(24 * 3600);
    assert.equal(receiver.got.length, 3, 'and never again');
    assert.equal(new Set(receiver.got.map(({ body }) => body.toString())).size, 1, 'the same bytes each time');
    const told = JSON.parse(receiver.got[0].body);
    assert.equal(told.msg, 'Smart Send Link cancelled by the merchant, create a new link.');
    assert.match(told.expireOn, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  } finally {
    await receiver.stop();
  }
});

test('a link says where its payout is: open, filled, paid, and open again after a refusal', async () => {
  const phone = newPhone();
  const link = await payu.create(server, { phone, reference: newReference() });
  const open = await payu.status(server, link.reference);
  assert.equal(open.status, 0);
  assert.equal(open.data.linkId, link.id);
  assert.equal(open.data.merchantRefId, link.reference);
  assert.equal(open.data.amount, '1250.0');
  await claim(server, link, phone, bank('41234567890'));
  await eventually('open again', async () => (await payu.status(server, link.reference)).msg === 'Account Detail Pending');
  await server.advance(31);
  await claim(server, link, phone, bank('61234567890'));
  assert.equal((await payu.status(server, link.reference)).code, 1118);
  assert.equal((await payu.cancelByReference(server, link.reference)).msg, 'Payout transaction in progress. Try after sometime!');
  await server.advance(3700);
  await server.claimBecomes(link.code, 'paid');
  assert.equal((await payu.status(server, link.reference)).code, 1118);
  assert.equal((await payu.cancelByReference(server, link.reference)).msg, 'Payout cannot be cancelled as it is already processed');
});
