// Starts the program in its sandbox, on a free port and in a folder of its own, and speaks to it as merchants do.
//
// DISBURSE_BINARY names the program; without it, what `./dev test` builds. Nothing outlives the test: the program gets
// SIGTERM, must exit with 0, and its folder goes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const READY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 20_000;
const POLL_MS = 50;

export function binary() {
  const candidates = [process.env.DISBURSE_BINARY, `${root}/build/test/disburse`, `${root}/build/release/disburse`];
  const found = candidates.find((file) => file && existsSync(file));
  assert.ok(found, 'there is no program to test: build it, or name it in DISBURSE_BINARY');
  return found;
}

// Asks again and again until `look` gives something, and fails with `what` when it never does.
// Over a database that nodes share, what a killed node had taken is free only when its lease ends.
const usualPatience = () => (process.env.DISBURSE_STORE === 'postgresql' ? 60_000 : 15_000);
export async function eventually(what, look, withinMs = usualPatience()) {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) assert.fail(`this did not happen within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function ready(child, output) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time:\n${output.text}`)), READY_WITHIN_MS);
    const look = () => {
      const line = /^disburse ready on (\S+)$/m.exec(output.text);
      if (!line) return;
      clearTimeout(timer);
      resolve(line[1]);
    };
    child.stdout.on('data', look);
    child.once('exit', (status, signal) => {
      clearTimeout(timer);
      const error = new Error(`exited with ${status ?? signal} before it was ready:\n${output.text}`);
      reject(Object.assign(error, { signal }));
    });
    child.once('error', reject);
  });
}

// With DISBURSE_STORE=postgresql every server that does not name a store gets a database of its own, and with
// DISBURSE_NODES so many nodes serve it (tests/cluster.mjs).
const overPostgres = (args) => process.env.DISBURSE_STORE === 'postgresql' && !args.includes('--store');
async function newStore() {
  const { sharedDatabase } = await import('./postgres.mjs');
  return (await sharedDatabase()).url;
}
async function startNodes(wish) {
  const { startCluster } = await import('./cluster.mjs');
  return startCluster(Number(process.env.DISBURSE_NODES), { ...wish, store: await newStore() });
}

// `live`: without the sandbox; `under`: a command and its options in front, that starts the program. `env` is for this
// start only: a restart is without it. A folder that was given stays when the start fails.
export async function startDisburse(wish = {}) {
  const { data: kept = null, live = false, under = [], env = {}, listen = '127.0.0.1:0' } = wish;
  let { args = [] } = wish;
  if (overPostgres(args)) {
    if (process.env.DISBURSE_NODES && !wish.alone) return startNodes(wish);
    args = [...args, '--store', await newStore()];
  }
  const data = kept ?? (await mkdtemp(path.join(tmpdir(), 'disburse-test-')));
  const output = { text: '' };
  const mode = live ? [] : ['--sandbox'];
  const command = [...under, binary(), 'serve', ...mode, '--listen', listen, '--data', data, ...args];
  const child = spawn(command[0], command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const collect = (bytes) => (output.text += bytes);
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  try {
    const url = await ready(child, output);
    const sandbox = live ? {} : JSON.parse(await readFile(path.join(data, 'sandbox.json'), 'utf8'));
    return new Disburse({ url, sandbox, child, data, output, args, live, under });
  } catch (error) {
    child.kill('SIGKILL');
    if (!kept) await rm(data, { recursive: true, force: true });
    throw error;
  }
}

export class Disburse {
  constructor(parts) {
    Object.assign(this, parts);
  }

  // What the program printed, for the message of a test that fails.
  get log() {
    return this.output.text;
  }

  async stop() {
    const exited = new Promise((resolve) => this.child.once('exit', (status, signal) => resolve(status ?? signal)));
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    else return rm(this.data, { recursive: true, force: true });
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOPPED_WITHIN_MS);
    const status = await exited;
    clearTimeout(timer);
    await rm(this.data, { recursive: true, force: true });
    assert.equal(status, 0, `the program ended with ${status}:\n${this.log}`);
  }

  // Ends the program in this way and starts it again over the same folder, on another port.
  async restart(signal = 'SIGTERM') {
    const exited = new Promise((resolve) => this.child.once('exit', (status) => resolve(status)));
    this.child.kill(signal);
    const status = await exited;
    if (signal === 'SIGTERM') assert.equal(status, 0, `the program ended with ${status}:\n${this.log}`);
    Object.assign(this, await startDisburse({ args: this.args, data: this.data, live: this.live, under: this.under }));
    return this;
  }

  // An operator's command over the same folder, beside the running program.
  async operator(...words) {
    const at = (this.args ?? []).indexOf('--store');
    const store = at < 0 ? [] : this.args.slice(at, at + 2);
    const child = spawn(binary(), [...words, '--data', this.data, ...store], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (bytes) => (text += bytes));
    child.stderr.on('data', (bytes) => (text += bytes));
    // Not 'exit': what it printed may come later.
    const status = await new Promise((resolve) => child.once('close', resolve));
    return { status, text };
  }
  async ledgerIsRight() {
    const { status, text } = await this.operator('ledger', 'verify');
    assert.equal(status, 0, text);
  }

  // ---- webhooks

  addEndpoint(dialect, url, { secret = null, authorization = null, events = null, ...more } = {}) {
    return this.expect(201, 'POST', '/api/v1/webhooks', {
      headers: { authorization: `Bearer ${this.sandbox.house.token}` },
      body: { dialect, url, secret, authorization, events, ...more },
    });
  }
  async deliveries(id) {
    const answer = await this.expect(200, 'GET', `/api/v1/webhooks/${id}/deliveries`, {
      headers: { authorization: `Bearer ${this.sandbox.house.token}` },
    });
    return answer.deliveries;
  }

  // JSON in and out. Any status is returned; the caller says which is right.
  async call(method, target, { body, headers = {} } = {}) {
    const json = body !== undefined && typeof body !== 'string';
    const answer = await fetch(new URL(target, this.url), {
      method,
      headers: { accept: 'application/json', ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
      body: json ? JSON.stringify(body) : body,
      redirect: 'manual',
    });
    const text = await answer.text();
    let parsed = null;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Not JSON: `text` has it.
    }
    return { status: answer.status, headers: answer.headers, text, body: parsed };
  }

  async expect(status, method, target, options) {
    const answer = await this.call(method, target, options);
    assert.equal(answer.status, status, `${method} ${target}: ${answer.text}`);
    return answer.body;
  }

  // ---- the sandbox's controls

  advance(seconds) {
    return this.expect(200, 'POST', '/sandbox/clock', { body: { advance_seconds: seconds } });
  }
  bank(outcome, { times = 1, delayMs = 0 } = {}) {
    return this.expect(200, 'POST', '/sandbox/rail', { body: { outcome, times, delay_ms: delayMs } });
  }
  async messages(to) {
    const query = to ? `?to=${encodeURIComponent(to)}` : '';
    return (await this.expect(200, 'GET', `/sandbox/messages${query}`)).messages;
  }
  // The newest one-time password that was sent there, other than `not`.
  otp(to, { not = null } = {}) {
    return eventually(`a one-time password for ${to}`, async () => {
      const message = (await this.messages(to)).find((m) => m.otp);
      return message && message.otp !== not ? message.otp : null;
    });
  }

  // ---- links, one way for each provider's language; all answer { url, code }

  async razorpayLink({ paise = 125_000, phone = '9999999999', email, description = 'Order 4711', ...more } = {}) {
    const { key_id, key_secret, account_number } = this.sandbox.razorpay;
    const link = await this.expect(200, 'POST', '/v1/payout-links', {
      headers: { authorization: `Basic ${Buffer.from(`${key_id}:${key_secret}`).toString('base64')}` },
      body: {
        account_number,
        contact: { name: 'Gaurav Kumar', contact: phone, ...(email ? { email } : {}), type: 'customer' },
        amount: paise,
        currency: 'INR',
        purpose: 'refund',
        description,
        send_sms: false,
        send_email: false,
        ...more,
      },
    });
    return { id: link.id, url: link.short_url, code: codeOf(link.short_url), link };
  }
  async cancelRazorpayLink(id) {
    const { key_id, key_secret } = this.sandbox.razorpay;
    return this.expect(200, 'POST', `/v1/payout-links/${id}/cancel`, {
      headers: { authorization: `Basic ${Buffer.from(`${key_id}:${key_secret}`).toString('base64')}` },
    });
  }

  async payuToken() {
    const { client_id, client_secret } = this.sandbox.payu;
    const form = new URLSearchParams({
      client_id,
      client_secret,
      grant_type: 'client_credentials',
      scope: 'create_payout_transactions',
    });
    const answer = await this.expect(200, 'POST', '/oauth/token', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    return answer.access_token;
  }
  async payuLink({ rupees = 1250, phone = '9999999999', email, reference = `ref${Date.now()}`, ...more } = {}) {
    const answer = await this.expect(200, 'POST', '/payout/smartPay', {
      headers: {
        authorization: `Bearer ${await this.payuToken()}`,
        payoutMerchantId: String(this.sandbox.payu.payout_merchant_id),
      },
      body: {
        amount: rupees,
        merchantRefId: reference,
        custName: 'Gaurav Kumar',
        custMobile: phone,
        ...(email ? { custEmail: email } : {}),
        description: 'Order 4711',
        ...more,
      },
    });
    assert.equal(answer.status, 0, JSON.stringify(answer));
    return { id: answer.data.linkId, url: answer.data.link, code: codeOf(answer.data.link) };
  }

  async instantpayLink({ rupees = '1250', phone = '9999999999', email = 'gaurav.kumar@example.com', ...more } = {}) {
    const { client_id, client_secret } = this.sandbox.instantpay;
    const { now } = await this.advance(0);
    const answer = await this.expect(200, 'POST', '/payments/payout/link/create', {
      headers: {
        'x-ipay-auth-code': '1',
        'x-ipay-client-id': client_id,
        'x-ipay-client-secret': client_secret,
        'x-ipay-endpoint-ip': '127.0.0.1',
      },
      body: {
        contactDetails: { name: 'Gaurav Kumar', mobile: phone, email },
        verifyBene: false,
        amount: rupees,
        purpose: 'Refund',
        description: 'Order 4711',
        referenceNo: `R-${Date.now()}`,
        activatedAt: indianTime(Date.parse(now) - 60_000),
        expiredAt: indianTime(Date.parse(now) + 7 * 24 * 3600_000),
        paymentModes: ['ACCOUNT', 'VPA'],
        sendAlert: false,
        ...more,
      },
    });
    assert.equal(answer.statuscode, 'TXN', JSON.stringify(answer));
    return { id: answer.data.linkId, url: answer.data.url, code: codeOf(answer.data.url) };
  }

  // ---- the claim API

  claim(code) {
    return this.expect(200, 'GET', `/api/v1/claims/${encodeURIComponent(code)}`);
  }
  claimBecomes(code, state) {
    return eventually(`the claim is ${state}`, async () => {
      const claim = await this.claim(code);
      return claim.state === state ? claim : null;
    });
  }
  async proveOtp(code, to, { channel = 'sms' } = {}) {
    const base = `/api/v1/claims/${encodeURIComponent(code)}`;
    // The message is sent after the answer: an older one must not be taken for it.
    const older = (await this.messages(to)).find((message) => message.otp)?.otp ?? null;
    await this.expect(202, 'POST', `${base}/otp`, { body: { channel } });
    const otp = await this.otp(to, { not: older });
    const verified = await this.expect(200, 'POST', `${base}/otp/verify`, { body: { otp } });
    return verified.claim_token;
  }
  submit(code, token, details) {
    return this.call('POST', `/api/v1/claims/${encodeURIComponent(code)}/submit`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      body: details,
    });
  }
}

// The last path segment of a link's URL, or its `id` parameter.
export function codeOf(url) {
  const parsed = new URL(url);
  return parsed.searchParams.get('id') ?? decodeURIComponent(parsed.pathname.split('/').pop());
}

// "2024-01-15 10:00:00" in Indian Standard Time.
export function indianTime(ms) {
  return new Date(ms + 5.5 * 3600_000).toISOString().slice(0, 19).replace('T', ' ');
}
