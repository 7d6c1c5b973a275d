// Bad input gets the provider's answer, and changes nothing.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { startDisburse } from '../harness.mjs';
import { instantpay, newReference, payu, razorpay } from './providers.mjs';

let server;
let other; // another merchant's account
before(async () => {
  server = await startDisburse();
  other = await server.expect(200, 'POST', '/sandbox/merchants', { body: { name: 'Somebody Else' } });
});
after(async () => {
  await server.ledgerIsRight();
  await server.stop();
});

const links = async () =>
  (await server.expect(200, 'GET', '/payments/payout/link/list', { headers: instantpay.headers(server) })).data.meta.totalRecords;
async function changesNothing(what, act) {
  const beforehand = await links();
  await act();
  assert.equal(await links(), beforehand, what);
}

test('PayU: credentials', async () => {
  const body = { amount: 1, merchantRefId: newReference(), custMobile: '9999999999', description: 'x' };
  const good = await payu.headers(server);
  await changesNothing('no link without credentials', async () => {
    for (const headers of [{}, { ...good, authorization: 'Bearer nothing' }, { ...good, payoutMerchantId: '1111123' }, { authorization: good.authorization }]) {
      const answer = await server.call('POST', '/payout/smartPay', { headers, body });
      assert.equal(answer.status, 401, answer.text);
      assert.deepEqual({ ...answer.body, timestamp: 0 }, {
        timestamp: 0, status: 401, error: 'Unauthorized', message: 'Access is denied', path: '/payout/smartPay',
      });
    }
  });
  for (const [form, error] of [
    ['grant_type=client_credentials&client_id=x&client_secret=y&scope=create_payout_transactions', 'invalid_client'],
    ['grant_type=nothing&client_id=x', 'unsupported_grant_type'],
    ['client_id=x', 'invalid_request'],
  ]) {
    const answer = await server.call('POST', '/oauth/token', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form });
    assert.equal(answer.status, 401);
    assert.equal(answer.body.error, error, answer.text);
  }
});

test('PayU: fields', async () => {
  const headers = await payu.headers(server);
  const good = { amount: 1, merchantRefId: 'bad-input', custMobile: '9999999999', description: 'x' };
  await changesNothing('no link of bad fields', async () => {
    for (const [change, code] of [
      [{ amount: 0 }, 1104], [{ amount: -1 }, 1104], [{ amount: '1.005' }, 1104], [{ amount: 'ten' }, 1104], [{ amount: '1e3' }, 1104],
      [{ amount: null }, 1104], [{ amount: '99999999999999999999' }, 1104], [{ merchantRefId: '' }, 1101], [{ merchantRefId: 'x'.repeat(41) }, 1102],
      [{ custMobile: '123' }, 1105], [{ custMobile: '', custEmail: 'nobody' }, 1106], [{ custMobile: '' }, 1108], [{ description: '' }, 1114],
    ]) {
      const answer = await server.call('POST', '/payout/smartPay', { headers, body: { ...good, ...change } });
      assert.equal(answer.status, 200);
      assert.equal(answer.body.msg, 'Fail', answer.text);
      assert.ok(answer.body.data.some((problem) => problem.code === code), `${JSON.stringify(change)}: ${answer.text}`);
    }
    const broken = await server.call('POST', '/payout/smartPay', { headers: { ...headers, 'content-type': 'application/json' }, body: '{"amount":' });
    assert.equal(broken.status, 400);
    assert.equal(broken.body.error, 'Bad Request');
  });
  const reference = newReference();
  await payu.create(server, { reference });
  const again = await server.expect(200, 'POST', '/payout/smartPay', { headers, body: { ...good, merchantRefId: reference } });
  assert.equal(again.data[0].code, 1103);
});

test('PayU: ids that are unknown, forged, truncated or another merchant’s are answered alike', async () => {
  const { id } = await payu.create(server);
  const token = await server.call('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: other.payu.client_id, client_secret: other.payu.client_secret }).toString(),
  });
  const theirs = { authorization: `Bearer ${token.body.access_token}`, payoutMerchantId: other.payu.payout_merchant_id };
  const ours = await payu.headers(server);
  const texts = new Set();
  for (const [headers, linkId] of [[theirs, id], [ours, 'x'], [ours, id.slice(1)], [ours, `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`]]) {
    texts.add((await server.call('GET', `/payout/smartPay/status?linkId=${encodeURIComponent(linkId)}`, { headers })).text);
  }
  assert.deepEqual([...texts], ['{"status":1,"msg":"SmartPay Link not found","code":1112,"data":null}']);
});

test('RazorpayX: credentials, fields and ids', async () => {
  const headers = razorpay.headers(server);
  const { account_number } = server.sandbox.razorpay;
  const good = {
    account_number, contact: { name: 'Gaurav Kumar', contact: '9000090000' }, amount: 1000, currency: 'INR', purpose: 'refund', description: 'x',
  };
  await changesNothing('no link of bad requests', async () => {
    for (const bad of [{}, { authorization: 'Basic x' }, { authorization: `Basic ${Buffer.from('rzp_test_x:y').toString('base64')}` }]) {
      const answer = await server.call('POST', '/v1/payout-links', { headers: bad, body: good });
      assert.equal(answer.status, 401);
      assert.equal(answer.body.error.description, 'Authentication failed');
    }
    for (const [change, field] of [
      [{ amount: 99 }, 'amount'], [{ amount: 0 }, 'amount'], [{ amount: -5 }, 'amount'], [{ amount: 10.5 }, 'amount'], [{ amount: 'x' }, 'amount'],
      [{ currency: 'USD' }, 'currency'], [{ purpose: 'Refund' }, 'purpose'], [{ account_number: '1' }, 'account_number'], [{ contact: {} }, null],
      [{ contact: { name: 'x', contact: '9000090000' } }, 'name'], [{ expire_by: 1 }, 'expire_by'], [{ receipt: 'x'.repeat(41) }, 'receipt'],
      [{ notes: Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, 'v'])) }, 'notes'],
    ]) {
      const answer = await server.call('POST', '/v1/payout-links', { headers, body: { ...good, ...change } });
      assert.equal(answer.status, 400, `${JSON.stringify(change)}: ${answer.text}`);
      assert.equal(answer.body.error.code, 'BAD_REQUEST_ERROR');
      if (field) assert.equal(answer.body.error.field, field, answer.text);
    }
    const broken = await server.call('POST', '/v1/payout-links', { headers: { ...headers, 'content-type': 'application/json' }, body: '{' });
    assert.equal(broken.status, 400);
  });
  const { id } = await razorpay.create(server);
  const theirs = { authorization: `Basic ${Buffer.from(`${other.razorpay.key_id}:${other.razorpay.key_secret}`).toString('base64')}` };
  const forged = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
  const texts = new Set();
  for (const [who, which] of [[theirs, id], [headers, forged], [headers, 'poutlk_00000000000001']]) {
    texts.add((await server.call('GET', `/v1/payout-links/${which}`, { headers: who })).text);
  }
  assert.equal(texts.size, 1, [...texts].join('\n'));
  assert.match([...texts][0], /The id provided does not exist/);
  assert.match((await server.call('GET', '/v1/nothing', { headers })).text, /The requested URL was not found on the server\./);
});

test('InstantPay: credentials, fields and ids', async () => {
  const headers = instantpay.headers(server);
  const good = {
    verifyBene: false, amount: '10', purpose: 'Refund', description: 'x', activatedAt: '2024-01-01 00:00:00',
    expiredAt: '2035-01-01 00:00:00', paymentModes: ['ACCOUNT'],
  };
  const create = (body, who = headers) => server.call('POST', '/payments/payout/link/create', { headers: who, body });
  await changesNothing('no link of bad requests', async () => {
    assert.equal((await create(good, { ...headers, 'x-ipay-client-secret': 'x' })).body.statuscode, 'IAC');
    assert.equal((await create(good, { ...headers, 'x-ipay-auth-code': '2' })).body.statuscode, 'IAT');
    assert.equal((await create('{"amount"', { ...headers, 'content-type': 'application/json' })).body.statuscode, 'RPI');
    for (const change of [
      { amount: '0' }, { amount: '-1' }, { amount: 'ten' }, { purpose: 'refund' }, { purpose: 'Holiday' }, { paymentModes: [] },
      { paymentModes: ['GOLD'] }, { verifyBene: 'maybe' }, { activatedAt: 'yesterday' }, { description: undefined }, { description: 'x'.repeat(501) },
    ]) {
      const answer = await create({ ...good, ...change });
      assert.equal(answer.status, 200);
      assert.equal(answer.body.statuscode, 'ERR', `${JSON.stringify(change)}: ${answer.text}`);
      assert.equal(answer.body.data, null);
    }
  });
  const { id } = await instantpay.create(server);
  const theirs = { ...headers, 'x-ipay-client-id': other.instantpay.client_id, 'x-ipay-client-secret': other.instantpay.client_secret };
  for (const [who, linkId] of [[theirs, id], [headers, id.slice(1)], [headers, `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`], [headers, 'x']]) {
    const answer = await server.call('POST', '/payments/payout/link/cancel', { headers: who, body: { linkId } });
    assert.equal(answer.body.statuscode, 'ERR');
    assert.equal(answer.body.status, 'No Record Found');
  }
  assert.equal((await server.call('POST', '/payments/nothing', { headers, body: {} })).body.statuscode, 'OUE');
});

test('ten megabytes are refused in each dialect’s shape', async () => {
  const body = `{"x":"${'y'.repeat(10 * 1024 * 1024)}"}`;
  for (const target of ['/payout/smartPay', '/v1/payout-links', '/payments/payout/link/create', '/api/v1/webhooks']) {
    const { hostname, port } = new URL(server.url);
    // fetch gives up when it is answered before it has sent everything; a socket does not.
    const answer = await new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname);
      let text = '';
      socket.on('data', (bytes) => (text += bytes));
      socket.on('error', () => (text ? resolve(text) : reject(new Error(`${target}: cut off without an answer`))));
      socket.on('close', () => resolve(text));
      socket.write(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    assert.match(answer, /^HTTP\/1\.1 (413|400|200) /, `${target}: ${answer.slice(0, 300)}`);
    assert.match(answer, /application\/(problem\+)?json/i);
  }
  await server.expect(200, 'GET', '/health/ready');
});

test('the documented GET with a body is read', async () => {
  const link = await instantpay.create(server);
  const { hostname, port } = new URL(server.url);
  const body = JSON.stringify({ filters: { linkId: link.id }, pagination: { pageNumber: '1', recordsPerPage: '10' } });
  const head = Object.entries(instantpay.headers(server)).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const text = await new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname);
    let got = '';
    socket.on('data', (bytes) => (got += bytes));
    socket.on('close', () => resolve(got));
    socket.write(
      `GET //payments/payout/link/list/ HTTP/1.1\r\nHOST: x\r\nConnection: close\r\n${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
  assert.match(text, /"totalRecords":1/);
});
