// One link, and everybody wants it at once: two merchants' clients cancel it, two browsers claim it, and the clock lets it
// expire. Real connections, all three dialects. Exactly one of them wins; every answer, the link's state, its history, the
// ledger and the webhooks tell the same story. (Extending is raced in src/engine: no dialect has a route for it yet.)
// DISBURSE_LONG=1: 5,000 links; else 300.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, startDisburse } from '../harness.mjs';
import { providers } from '../e2e/providers.mjs';
import { startReceiver } from '../e2e/receiver.mjs';
import { PAID, newPhone, upi } from '../e2e/recipient.mjs';
import { LONG, below, each, shuffled } from './crowd.mjs';

const LINKS = Number(process.env.DISBURSE_RACE_LINKS ?? (LONG ? 5_000 : 300));
const AT_ONCE = LONG ? 60 : 50;
const HISTORIES = LONG ? Math.min(LINKS, 5_000) : 60;
const WEEK = 7 * 24 * 3600; // what links of every dialect live here
const CLAIM_TIME = 1_200; // shorter than a claim token's life

let server;
const receivers = {};
before(async () => {
  server = await startDisburse();
  for (const provider of providers) {
    receivers[provider.name] = await startReceiver();
    await server.addEndpoint(provider.name, receivers[provider.name].url, { ...provider.endpoint, events: LINKS_EVENTS[provider.name] ?? null });
  }
});
after(async () => {
  for (const receiver of Object.values(receivers)) await receiver.stop();
  await server.stop();
});

// ---- the racers

async function newContested(i) {
  const provider = providers[i % providers.length];
  const phone = newPhone();
  return { provider, phone, link: await provider.create(server, { phone }) };
}
async function prove(one) {
  one.token = await server.proveOtp(one.link.code, one.phone);
  assert.ok(one.token);
}
async function cancel(one) {
  if (await one.provider.cancel(server, one.link)) one.won.push('cancelled');
}
async function submit(one) {
  const details = below(2) === 0 ? PAID : upi('success@sandbox');
  const answer = await server.submit(one.link.code, one.token, details);
  if (answer.status === 202) one.won.push('paid');
  else one.refusals.push(answer.body.code);
}

async function race(contested, clock) {
  const requests = contested.flatMap((one) => {
    Object.assign(one, { won: [], refusals: [] });
    return [() => cancel(one), () => cancel(one), () => submit(one), () => submit(one)];
  });
  // Within a few milliseconds, so that it is not always the one with less to prepare who comes first.
  const moments = requests.map((request) => [request, below(5)]);
  if (clock) moments.push([() => server.advance(CLAIM_TIME + 1), clock === 'early' ? 0 : below(5)]);
  await Promise.all(
    shuffled(moments).map(async ([request, ms]) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      await request();
    }),
  );
}

// ---- what must be so

const REFUSED_AS = {
  paid: ['link_processing', 'link_processed'],
  cancelled: ['link_cancelled'],
  expired: ['link_expired'],
};
// What each webhook is about, and what the link is called there; kept by link, for there are many.
// Of links alone: RazorpayX's payouts have events of their own.
const LINKS_EVENTS = {
  razorpay: ['issued', 'processing', 'processed', 'attempted', 'cancelled', 'expired'].map((state) => `payout_link.${state}`),
};
const ABOUT = {
  razorpay: [(delivery) => JSON.parse(delivery.body).payload.payout_link.entity.id, (link) => link.id],
  payu: [(delivery) => JSON.parse(delivery.body).merchantReferenceId, (link) => link.reference],
  instantpay: [(delivery) => delivery.query.get('agent_id'), (link) => link.reference],
};
function toldOf({ provider, link }) {
  const receiver = receivers[provider.name];
  const [about, named] = ABOUT[provider.name];
  receiver.byLink ??= new Map();
  for (const delivery of receiver.got.splice(0)) {
    const list = receiver.byLink.get(about(delivery)) ?? [];
    receiver.byLink.set(about(delivery), [...list, provider.event(delivery)]);
  }
  return receiver.byLink.get(named(link)) ?? [];
}
const EVENTS = {
  razorpay: {
    paid: ['payout_link.issued', 'payout_link.processing', 'payout_link.processed'],
    cancelled: ['payout_link.issued', 'payout_link.cancelled'],
    expired: ['payout_link.issued', 'payout_link.expired'],
  },
  payu: {
    paid: ['SMART_SEND_DETAIL_SUBMITTED', 'TRANSFER_SUCCESS'],
    cancelled: ['SMART_SEND_CANCELLED'],
    expired: ['SMART_SEND_EXPIRED'],
  },
  instantpay: { paid: ['PENDING', 'SUCCESS'], cancelled: [], expired: [] },
};

async function judge(one, clock) {
  assert.ok(one.won.length <= 1, `${one.link.url} was won by ${one.won}`);
  one.outcome = one.won[0] ?? 'expired';
  assert.ok(clock || one.outcome !== 'expired', `nobody won ${one.link.url}, and it cannot have expired`);
  const claim = await eventually(`${one.link.url} is ${one.outcome}`, async () => {
    const found = await server.claim(one.link.code);
    return found.state === 'submitted' ? null : found;
  });
  assert.equal(claim.state, one.outcome, `${one.link.url}: its state and the answers`);
  for (const code of one.refusals) assert.ok(REFUSED_AS[one.outcome].includes(code), `${code} of a ${one.outcome} link`);
  if (one.outcome === 'cancelled') assert.ok(await one.provider.isCancelled(server, one.link));
  if (one.outcome === 'expired') assert.ok(await one.provider.isExpired(server, one.link));
  const expected = EVENTS[one.provider.name][one.outcome];
  await eventually(`${expected} of ${one.link.url}`, () => toldOf(one).length >= expected.length, 60_000);
}

async function historyAgrees(one) {
  const { status, text } = await server.operator('link', 'show', one.link.url);
  assert.equal(status, 0, text);
  const ends = text.match(/^  \S+ +\S+ +(cancel: issued|expire: issued|claim: issued)/gm) ?? [];
  assert.equal(ends.length, 1, text);
  const verb = { paid: 'claim:', cancelled: 'cancel:', expired: 'expire:' }[one.outcome];
  assert.ok(ends[0].includes(verb), text);
  const paid = one.outcome === 'paid' ? 1 : 0;
  assert.equal((text.match(/details_submitted/g) ?? []).length, paid, text);
  assert.equal((text.match(/^  \S+ +hold /gm) ?? []).length, paid, text);
  assert.equal((text.match(/^  \S+ +settle /gm) ?? []).length, paid, text);
  assert.equal((text.match(/ key DSB/g) ?? []).length, paid, text);
}

test(`${LINKS} links that everybody wants at once: one wins each, and everything tells the same`, { timeout: 1_800_000 }, async (t) => {
  const all = [];
  for (let first = 0; first < LINKS; first += AT_ONCE) {
    const clock = [null, 'early', 'any time'][(first / AT_ONCE) % 3]; // when the links expire
    const contested = [];
    await each(Array.from({ length: Math.min(AT_ONCE, LINKS - first) }), 16, async (_, i) => contested.push(await newContested(first + i)));
    if (clock) await server.advance(WEEK - CLAIM_TIME);
    await each(contested, 16, prove);
    // Whoever first had to fetch a token would come too late for the race.
    const token = await server.payuToken();
    server.payuToken = async () => token;
    await race(contested, clock);
    delete server.payuToken;
    await each(contested, 16, (one) => judge(one, clock));
    all.push(...contested);
  }
  await server.ledgerIsRight();
  for (const one of all) assert.deepEqual(toldOf(one), EVENTS[one.provider.name][one.outcome], one.link.url);
  await each(shuffled(all).slice(0, HISTORIES), 4, historyAgrees);
  const count = (outcome) => all.filter((one) => one.outcome === outcome).length;
  t.diagnostic(`paid ${count('paid')}, cancelled ${count('cancelled')}, expired ${count('expired')}`);
  for (const { name } of providers) {
    for (const outcome of ['paid', 'cancelled', 'expired']) {
      assert.ok(all.some((one) => one.provider.name === name && one.outcome === outcome), `no link of ${name} was ${outcome}`);
    }
  }
});
