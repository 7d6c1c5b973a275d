// The same few things asked in the words of each provider, one request each, so that what was acknowledged and what was
// in flight is known of every one. All answer { status, text, body } as they came; `made` and `done` read them.
import { codeOf, indianTime } from '../harness.mjs';
import { PAID } from '../e2e/recipient.mjs';

const WEEK_MS = 7 * 24 * 3600_000;
const tokens = new Map(); // of a server's folder: access tokens are good after a restart too

async function payuHeaders(server) {
  if (!tokens.has(server.data)) tokens.set(server.data, await server.payuToken());
  return {
    authorization: `Bearer ${tokens.get(server.data)}`,
    payoutMerchantId: String(server.sandbox.payu.payout_merchant_id),
  };
}

const payu = {
  name: 'payu',
  async create(server, link) {
    const body = {
      amount: link.paise / 100,
      merchantRefId: link.reference,
      custName: 'Gaurav Kumar',
      custMobile: link.phone,
      description: link.description,
    };
    return server.call('POST', '/payout/smartPay', { headers: await payuHeaders(server), body });
  },
  made: ({ body }) => body?.status === 0 && { id: body.data.linkId, code: codeOf(body.data.link) },
  // A repeated reference is refused, and the first link can be looked up by it.
  async repeat(server, link) {
    const made = this.made(await this.create(server, link));
    const found = await this.find(server, link.reference);
    return { found, made: made || found[0] };
  },
  async find(server, reference) {
    const target = `/payout/smartPay/status?merchantRefId=${encodeURIComponent(reference)}`;
    const { body } = await server.call('GET', target, { headers: await payuHeaders(server) });
    const id = body?.data?.linkId;
    return id ? [{ id, code: id, paise: Math.round(Number(body.data.amount ?? NaN) * 100) }] : [];
  },
  async cancel(server, link) {
    const headers = { ...(await payuHeaders(server)), 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ merchantRefId: link.reference }).toString();
    return server.call('POST', '/payout/smartPay/cancel', { headers, body });
  },
  cancelled: ({ body }) => body?.status === 0,
  cancelledBefore: ({ body }) => body?.status === 1 && /cancelled/.test(body.msg),
  tells: { made: [], cancelled: ['SMART_SEND_CANCELLED'], claimed: ['SMART_SEND_DETAIL_SUBMITTED'], paid: ['TRANSFER_SUCCESS'], refused: ['TRANSFER_FAILED'] },
  event(delivery) {
    const { event, merchantReferenceId } = JSON.parse(delivery.body);
    return { event, about: merchantReferenceId };
  },
  aboutOf: (link) => link.reference,
  refusesWrites: ({ status, body }) =>
    status === 503 && typeof body?.error === 'string' && body.path.startsWith('/payout/smartPay'),
};

const basic = (server) => {
  const { key_id, key_secret } = server.sandbox.razorpay;
  return { authorization: `Basic ${Buffer.from(`${key_id}:${key_secret}`).toString('base64')}` };
};

const razorpay = {
  name: 'razorpay',
  create(server, link) {
    const body = {
      account_number: server.sandbox.razorpay.account_number,
      contact: { name: 'Gaurav Kumar', contact: link.phone, type: 'customer' },
      amount: link.paise,
      currency: 'INR',
      purpose: 'refund',
      description: link.description,
      receipt: link.reference,
      send_sms: false,
      send_email: false,
    };
    const headers = { ...basic(server), 'x-payout-idempotency': link.reference };
    return server.call('POST', '/v1/payout-links', { headers, body });
  },
  made: ({ status, body }) => status === 200 && { id: body.id, code: codeOf(body.short_url) },
  // Under the same idempotency key: the first answer again.
  async repeat(server, link) {
    const made = this.made(await this.create(server, link));
    return { made, found: await this.find(server, link.reference) };
  },
  async find(server, reference) {
    const target = `/v1/payout-links?receipt=${encodeURIComponent(reference)}`;
    const { body } = await server.call('GET', target, { headers: basic(server) });
    return body.items.map((item) => ({ id: item.id, code: codeOf(item.short_url), paise: item.amount }));
  },
  cancel: (server, link) => server.call('POST', `/v1/payout-links/${link.id}/cancel`, { headers: basic(server) }),
  cancelled: ({ status, body }) => status === 200 && body.status === 'cancelled',
  cancelledBefore: ({ status, body }) => status === 400 && /cancelled/.test(body?.error?.description ?? ''),
  tells: {
    made: ['payout_link.issued'],
    cancelled: ['payout_link.cancelled'],
    claimed: ['payout_link.processing'],
    paid: ['payout_link.processed'],
    refused: ['payout_link.attempted'],
  },
  // Of links alone: their payouts have events of their own.
  endpoint: { events: ['issued', 'processing', 'processed', 'attempted', 'cancelled', 'expired'].map((state) => `payout_link.${state}`) },
  event(delivery) {
    const { event, payload } = JSON.parse(delivery.body);
    return { event, about: payload.payout_link.entity.id };
  },
  aboutOf: (link) => link.id,
  refusesWrites: ({ status, body }) => status === 503 && typeof body?.error?.description === 'string',
};

const instantpayHeaders = (server) => ({
  'x-ipay-auth-code': '1',
  'x-ipay-client-id': server.sandbox.instantpay.client_id,
  'x-ipay-client-secret': server.sandbox.instantpay.client_secret,
  'x-ipay-endpoint-ip': '127.0.0.1',
});

const instantpay = {
  name: 'instantpay',
  create(server, link) {
    const body = {
      contactDetails: { name: 'Gaurav Kumar', mobile: link.phone, email: 'gaurav.kumar@example.com' },
      verifyBene: link.n % 2 === 0,
      amount: String(link.paise / 100),
      purpose: 'Refund',
      description: link.description,
      referenceNo: link.reference,
      activatedAt: indianTime(Date.now() - 60_000),
      expiredAt: indianTime(Date.now() + WEEK_MS),
      paymentModes: ['ACCOUNT', 'VPA'],
      sendAlert: false,
    };
    return server.call('POST', '/payments/payout/link/create', { headers: instantpayHeaders(server), body });
  },
  made: ({ body }) => body?.statuscode === 'TXN' && { id: body.data.linkId, code: codeOf(body.data.url) },
  // The reference may be used again: a client whose answer was lost looks first.
  async repeat(server, link) {
    const found = await this.find(server, link.reference);
    if (found.length) return { found, made: found[0] };
    const made = this.made(await this.create(server, link));
    return { made, found: await this.find(server, link.reference) };
  },
  async find(server, reference) {
    const { body } = await server.call('POST', '/payments/payout/link/list', {
      headers: instantpayHeaders(server),
      body: { filters: { referenceNo: reference } },
    });
    return (body?.data?.records ?? []).map((row) => ({
      id: row.linkId,
      code: codeOf(row.url),
      paise: Math.round(Number(row.amount) * 100),
    }));
  },
  cancel: (server, link) =>
    server.call('POST', '/payments/payout/link/cancel', { headers: instantpayHeaders(server), body: { linkId: link.id } }),
  cancelled: ({ body }) => body?.statuscode === 'TXN',
  cancelledBefore: ({ body }) => body?.statuscode !== 'TXN' && /cancel/i.test(body?.status ?? ''),
  tells: { made: [], cancelled: [], claimed: ['PENDING'], paid: ['SUCCESS'], refused: ['REFUND'] },
  event: (delivery) => ({ event: delivery.query.get('status'), about: delivery.query.get('agent_id') }),
  aboutOf: (link) => link.reference,
  refusesWrites: ({ status, body }) => status === 200 && body?.statuscode === 'SPD',
};

export const merchants = [payu, razorpay, instantpay];

// ---- the claim API, the same for all

const claimPath = (link, rest = '') => `/api/v1/claims/${encodeURIComponent(link.code)}${rest}`;
export const look = (server, link) => server.call('GET', claimPath(link));
export const askOtp = (server, link) => server.call('POST', claimPath(link, '/otp'), { body: { channel: 'sms' } });
export const verifyOtp = (server, link, otp) => server.call('POST', claimPath(link, '/otp/verify'), { body: { otp } });
export const submit = (server, link) =>
  server.call('POST', claimPath(link, '/submit'), {
    headers: { authorization: `Bearer ${link.token}` },
    body: link.refused ? { method: 'upi', vpa: 'failure@sandbox' } : PAID,
  });
