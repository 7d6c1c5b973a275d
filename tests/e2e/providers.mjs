// The three APIs behind one face, so that each test of a link's life runs through all of them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

let counter = 0;
export const newReference = () => `e2e-${process.pid}-${++counter}`;

function form(fields) {
  return { 'content-type': 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() };
}

export const payu = {
  name: 'payu',
  async create(server, { reference = newReference(), phone } = {}) {
    return { ...(await server.payuLink({ reference, phone, rupees: 1250 })), reference };
  },
  async headers(server) {
    return {
      authorization: `Bearer ${await server.payuToken()}`,
      payoutMerchantId: server.sandbox.payu.payout_merchant_id,
    };
  },
  async status(server, reference) {
    const target = `/payout/smartPay/status?merchantRefId=${encodeURIComponent(reference)}&payoutMerchantId=${server.sandbox.payu.payout_merchant_id}`;
    return server.expect(200, 'GET', target, { headers: await this.headers(server) });
  },
  async isOpen(server, link) {
    return (await this.status(server, link.reference)).msg === 'Account Detail Pending';
  },
  async isCancelled(server, link) {
    return (await this.status(server, link.reference)).code === 1122;
  },
  async isExpired(server, link) {
    return (await this.status(server, link.reference)).code === 1111;
  },
  async cancelByReference(server, reference) {
    const { 'content-type': type, body } = form({ merchantRefId: reference });
    return server.expect(200, 'POST', '/payout/smartPay/cancel', {
      headers: { ...(await this.headers(server)), 'content-type': type },
      body,
    });
  },
  async cancel(server, link) {
    return (await this.cancelByReference(server, link.reference)).status === 0;
  },
  paidEvents: ['SMART_SEND_DETAIL_SUBMITTED', 'TRANSFER_SUCCESS'],
  failedEvents: ['SMART_SEND_DETAIL_SUBMITTED', 'TRANSFER_FAILED'],
  reversedEvent: 'TRANSFER_REVERSED',
  expiredEvent: 'SMART_SEND_EXPIRED',
  endpoint: { authorization: 'asjafya56%^eyy63547ysrt4' },
  event(delivery) {
    assert.equal(delivery.method, 'POST');
    assert.equal(delivery.headers.authorization, 'asjafya56%^eyy63547ysrt4');
    return JSON.parse(delivery.body).event;
  },
  isAbout: (delivery, link) => JSON.parse(delivery.body).merchantReferenceId === link.reference,
};

export const razorpay = {
  name: 'razorpay',
  headers(server) {
    const { key_id, key_secret } = server.sandbox.razorpay;
    return { authorization: `Basic ${Buffer.from(`${key_id}:${key_secret}`).toString('base64')}` };
  },
  async create(server, { reference = newReference(), phone, ...more } = {}) {
    const { now } = await server.advance(0);
    const expire_by = Math.floor(Date.parse(now) / 1000) + 7 * 24 * 3600;
    return { ...(await server.razorpayLink({ phone, receipt: reference, expire_by, ...more })), reference };
  },
  fetch(server, id) {
    return server.expect(200, 'GET', `/v1/payout-links/${id}`, { headers: this.headers(server) });
  },
  async byReference(server, reference) {
    const list = await server.expect(200, 'GET', `/v1/payout-links?receipt=${encodeURIComponent(reference)}`, {
      headers: this.headers(server),
    });
    return list.items[0];
  },
  async isOpen(server, link) {
    return (await this.fetch(server, link.id)).status === 'issued';
  },
  async isCancelled(server, link) {
    return (await this.fetch(server, link.id)).status === 'cancelled';
  },
  async isExpired(server, link) {
    return (await this.fetch(server, link.id)).status === 'expired';
  },
  async cancel(server, link) {
    const answer = await server.call('POST', `/v1/payout-links/${link.id}/cancel`, { headers: this.headers(server) });
    return answer.status === 200;
  },
  paidEvents: ['payout_link.issued', 'payout_link.processing', 'payout.initiated', 'payout.processed', 'payout_link.processed'],
  failedEvents: ['payout_link.issued', 'payout_link.processing', 'payout.initiated', 'payout.failed', 'payout_link.attempted'],
  reversedEvent: 'payout.reversed',
  expiredEvent: 'payout_link.expired',
  endpoint: { secret: 'whsec_test_123' },
  event(delivery) {
    const expected = createHmac('sha256', 'whsec_test_123').update(delivery.body).digest('hex');
    assert.equal(delivery.headers['x-razorpay-signature'], expected, 'the signature is over the exact bytes');
    assert.match(delivery.headers['x-razorpay-event-id'], /^[0-9A-Za-z]{14}$/);
    return JSON.parse(delivery.body).event;
  },
  isAbout(delivery, link) {
    const { payout_link, payout } = JSON.parse(delivery.body).payload;
    return payout_link ? payout_link.entity.id === link.id : payout.entity.reference_id === link.reference;
  },
};

export const instantpay = {
  name: 'instantpay',
  headers(server) {
    const { client_id, client_secret } = server.sandbox.instantpay;
    return {
      'x-ipay-auth-code': '1',
      'x-ipay-client-id': client_id,
      'x-ipay-client-secret': client_secret,
      'x-ipay-endpoint-ip': '127.0.0.1',
    };
  },
  async create(server, { reference = newReference(), phone } = {}) {
    return { ...(await server.instantpayLink({ phone, referenceNo: reference })), reference };
  },
  async track(server, id) {
    const answer = await server.expect(200, 'GET', `/payments/payout/link/track/${id}`, { headers: this.headers(server) });
    return answer.data;
  },
  async byReference(server, reference) {
    const answer = await server.expect(200, 'POST', '/payments/payout/link/list', {
      headers: this.headers(server),
      body: { filters: { referenceNo: reference } },
    });
    return answer.data.records[0];
  },
  async isOpen(server, link) {
    return (await this.track(server, link.id)).status === 'ISSUED';
  },
  async isCancelled(server, link) {
    return (await this.track(server, link.id)).status === 'CANCELLED';
  },
  async isExpired(server, link) {
    return (await this.track(server, link.id)).status === 'EXPIRED';
  },
  async cancel(server, link) {
    const answer = await server.expect(200, 'POST', '/payments/payout/link/cancel', {
      headers: this.headers(server),
      body: { linkId: link.id },
    });
    return answer.statuscode === 'TXN';
  },
  paidEvents: ['PENDING', 'SUCCESS'],
  failedEvents: ['PENDING', 'REFUND'],
  reversedEvent: 'REFUND',
  expiredEvent: null,
  endpoint: {},
  event(delivery) {
    assert.equal(delivery.method, 'GET');
    assert.deepEqual(
      [...delivery.query.keys()],
      ['ipay_id', 'agent_id', 'opr_id', 'status', 'res_code', 'res_msg', 'txn_mode'],
    );
    return delivery.query.get('status');
  },
  isAbout: (delivery, link) => delivery.query.get('agent_id') === link.reference,
};

export const providers = [payu, razorpay, instantpay];
