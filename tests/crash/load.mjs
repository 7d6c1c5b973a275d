// Thirty-two merchants' connections that make, cancel and claim links all the time, and the journal of what was
// acknowledged to them. The journal is this process's: no crash of the program takes anything from it.
//
// Each step of a link's life is `asked` before its request leaves, and `acked` when its answer is good. What is asked
// and not acked when the connection breaks may have happened or not; what is acked has.
import assert from 'node:assert/strict';
import http from 'node:http';
import { each } from '../races/crowd.mjs';
import { askOtp, look, merchants, submit, verifyOtp } from './merchants.mjs';

export const CONNECTIONS = 32;
const LOOK_AGAIN_MS = 5;

// An SMS gateway of the merchant's own, so that a message outlives the program that sent it.
export async function startGateway() {
  const passwords = new Map();
  const server = http.createServer((request, response) => {
    const query = new URL(request.url, 'http://gateway').searchParams;
    if (query.get('otp')) passwords.set(query.get('to'), query.get('otp'));
    response.end('ok');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/sms?to={to_national}&otp={otp}&id={id}`;
  const stop = () => {
    server.closeAllConnections?.();
    return new Promise((resolve) => server.close(resolve));
  };
  return { passwords, url, stop };
}

// The connection broke before the answer came.
class Lost extends Error {}
// The answer says that nothing was done for now: the program stops, or can write nothing.
class Refused extends Lost {}

export class Load {
  links = [];
  counts = { created: 0, cancelled: 0, claimed: 0, lost: 0, refused: 0, repeated: 0 };
  #working = [];
  #stopping = false;

  // `refuses`: whether some accounts are ones that the bank pays nothing to. `perseveres`: whether a connection goes on
  // with another link after an answer was lost, where somebody else may answer.
  constructor({ dice, passwords, name, refuses, perseveres = false }) {
    Object.assign(this, { dice, passwords, name, refuses, perseveres });
  }

  // Goes on until stop(), or until the program is gone.
  start(server) {
    this.#stopping = false;
    this.#working = Array.from({ length: CONNECTIONS }, () => this.#work(server));
  }
  async stop() {
    this.#stopping = true;
    await Promise.all(this.#working);
  }
  whenGone() {
    return Promise.all(this.#working);
  }

  async #work(server) {
    while (!this.#stopping) {
      try {
        await this.#live(server);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        ++this.counts[error instanceof Refused ? 'refused' : 'lost'];
        if (!this.perseveres) return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    }
  }

  // One link's life, or as much of it as this connection's turn is for.
  async #live(server) {
    const link = this.#newLink();
    this.links.push(link);
    await this.#create(server, link);
    const fate = this.dice(10);
    if (fate < 3) await this.#cancel(server, link);
    else if (fate < 8) await this.#claim(server, link);
  }

  #newLink() {
    const n = this.links.length;
    const merchant = merchants[this.dice(merchants.length)];
    return {
      n,
      merchant,
      reference: `${this.name}-${process.pid}-${n}`,
      phone: String(7_000_000_000 + n),
      paise: 100 * (1 + this.dice(900)),
      description: `Order ${n}`,
      refused: this.refuses && this.dice(10) === 0,
      created: 'asked',
      touched: true,
    };
  }

  // The answer, if the program gave one; whatever else is the caller's to judge.
  async #ask(request) {
    let answer;
    try {
      answer = await request();
    } catch (error) {
      // fetch says only that: the reason is in `cause`.
      if (error instanceof TypeError || error.cause) throw new Lost();
      throw error;
    }
    if (answer.status === 503 || /^(USM|SPD)$/.test(answer.body?.statuscode)) throw new Refused();
    return answer;
  }

  async #create(server, link) {
    const answer = await this.#ask(() => link.merchant.create(server, link));
    this.#noteCreated(link, link.merchant.made(answer), answer.text);
  }
  #noteCreated(link, made, text) {
    assert.ok(made, `${link.merchant.name} did not make ${link.reference}: ${text}`);
    Object.assign(link, { id: made.id, code: made.code, created: 'acked', touched: true });
    ++this.counts.created;
  }

  async #cancel(server, link) {
    link.cancel = 'asked';
    link.touched = true;
    const answer = await this.#ask(() => link.merchant.cancel(server, link));
    assert.ok(link.merchant.cancelled(answer), `${link.reference} was not cancelled: ${answer.text}`);
    link.cancel = 'acked';
    ++this.counts.cancelled;
  }

  async #claim(server, link) {
    const asked = await this.#ask(() => askOtp(server, link));
    assert.equal(asked.status, 202, asked.text);
    link.otpAsked = true;
    await this.#finishClaim(server, link);
  }
  async #finishClaim(server, link) {
    while (!this.passwords.has(link.phone)) {
      if (this.#stopping || server.child.exitCode !== null || server.child.signalCode !== null) throw new Lost();
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    const proven = await this.#ask(() => verifyOtp(server, link, this.passwords.get(link.phone)));
    assert.equal(proven.status, 200, proven.text);
    link.token = proven.body.claim_token;
    link.claim = 'asked';
    link.touched = true;
    const answer = await this.#ask(() => submit(server, link));
    assert.equal(answer.status, 202, answer.text);
    link.claim = 'acked';
    ++this.counts.claimed;
  }

  // ---- after a restart

  // What was acknowledged is there, what was in flight is there whole or not at all; all links, or those of the last
  // load. Then asks again for what got no answer, as the merchants would.
  async check(server, { all = false } = {}) {
    const wanted = this.links.filter((link) => all || link.touched);
    await each(wanted, CONNECTIONS, async (link) => {
      if (link.created === 'asked') await this.#repeatCreate(server, link);
      await this.#checkState(server, link);
      if (link.cancel === 'asked') await this.#repeatCancel(server, link);
      // What was seen stays so: a claim that was not there does not come up later.
      if (link.claim === 'asked' && !link.refused) link.claim = link.state === 'open' ? null : 'acked';
      link.touched = false;
    });
    return wanted.length;
  }

  async #repeatCreate(server, link) {
    const { made, found } = await link.merchant.repeat(server, link);
    assert.equal(found.length, 1, `${link.merchant.name} ${link.reference} asked for twice is ${found.length} links`);
    assert.equal(found[0].id, made.id, `${link.reference}: another id than the first answer's`);
    assert.equal(found[0].paise, link.paise, `${link.reference}: another amount`);
    this.#noteCreated(link, made);
    ++this.counts.repeated;
  }

  async #checkState(server, link) {
    const { status, body, text } = await look(server, link);
    assert.equal(status, 200, `${link.merchant.name} ${link.reference}, acknowledged, is gone: ${text}`);
    assert.equal(body.amount_paise, link.paise, link.reference);
    const allowed = this.allowedStates(link);
    assert.ok(allowed.includes(body.state), `${link.merchant.name} ${link.reference} is ${body.state}, not ${allowed}`);
    link.state = body.state;
  }

  allowedStates(link) {
    if (link.cancel === 'acked') return ['cancelled'];
    if (link.cancel === 'asked') return ['cancelled', 'open'];
    const claimed = link.refused ? ['submitted', 'open', 'failed'] : ['submitted', 'paid'];
    if (link.claim === 'acked') return claimed;
    if (link.claim === 'asked') return ['open', ...claimed];
    return ['open'];
  }

  async #repeatCancel(server, link) {
    const answer = await link.merchant.cancel(server, link);
    const good = link.merchant.cancelled(answer) || (link.state === 'cancelled' && link.merchant.cancelledBefore(answer));
    assert.ok(good, `${link.reference}, ${link.state}, was not cancelled: ${answer.text}`);
    link.cancel = 'acked';
    ++this.counts.cancelled;
  }

  // Passwords that were asked for and acknowledged, and have not come.
  missingPasswords() {
    return this.links.filter((link) => link.otpAsked && !this.passwords.has(link.phone));
  }
}
