// The recipient's page, in a browser with JavaScript and in one without, on a screen 320 pixels wide.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { indianTime, startDisburse } from '../harness.mjs';
import { openBrowser } from './chromium.mjs';

const BANK = { name: 'Gaurav Kumar', account: '51234567890', ifsc: 'hdfc0000001' };
const WEIGHT_LIMIT = 30_000;
const LINK_LIFE_S = 8 * 24 * 3600; // longer than the sandbox's links live

let disburse;
let phones = 9_000_000_000;
const nextPhone = () => String(++phones); // limits count by contact: each test has its own

async function inBrowser(options, run) {
  const browser = await openBrowser(options);
  try {
    await run(browser);
  } catch (error) {
    await browser.discard(); // what went wrong first is what counts
    throw error;
  }
  await browser.close();
}

// Answers the one-time password, so that the next one can be told from it.
async function prove(browser, phone, { not } = {}) {
  await browser.press('Send me a code');
  const otp = await disburse.otp(phone, { not });
  await browser.page.getByLabel('One-time code').fill(otp);
  await browser.press('Confirm');
  return otp;
}

async function fillBank(page, { name, account, again = account, ifsc } = BANK) {
  await page.getByLabel('Account holder’s name').fill(name);
  await page.getByLabel('Account number', { exact: true }).fill(account);
  await page.getByLabel('Account number again').fill(again);
  await page.getByLabel('IFSC').fill(ifsc);
}

// One suite around all: hooks outside of a suite are not run by every Node that this works with.
describe("the recipient's page", () => {
  before(async () => {
    disburse = await startDisburse();
  });
  after(() => disburse?.stop());

  for (const javaScriptEnabled of [true, false]) {
    const mode = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';

    describe(mode, () => {
      test('a claim by bank account goes from the link to the bank reference', async () => {
        const phone = nextPhone();
        const { url, code } = await disburse.razorpayLink({ phone, email: 'gaurav.kumar@example.com' });
        await inBrowser({ javaScriptEnabled }, async (browser) => {
          const { page } = browser;
          await browser.open(url);
          assert.match(await browser.heading(), /Acme Refunds is sending you\s+₹1,250/);
          await page.getByText('Order 4711').waitFor();
          await page.getByText(`*******${phone.slice(-3)}`).waitFor();
          await browser.look('send-code');
          assert.equal((await disburse.claim(code)).otp.sent_at, null, 'opening the link sent a code');

          await browser.press('Send me a code');
          await browser.look('enter-code');
          await page.getByLabel('One-time code').fill(await disburse.otp(phone));
          await browser.press('Confirm');
          await browser.look('bank-account');

          await disburse.bank('settle', { delayMs: 2_000 });
          await fillBank(page);
          await browser.press('Send ₹1,250 to my account');
          assert.equal(await browser.heading(), 'On its way');
          await browser.look('on-its-way');
          await browser.reaches('Paid');
          await browser.look('paid');
          const claim = await disburse.claim(code);
          assert.equal(claim.state, 'paid');
          await page.getByText(claim.utr).waitFor();
          await page.getByText('*******890').waitFor();
        });
      });

      test('a claim by UPI works from the link of another provider', async () => {
        const phone = nextPhone();
        const { url } = await disburse.payuLink({ phone });
        await inBrowser({ javaScriptEnabled }, async (browser) => {
          const { page } = browser;
          await browser.open(url);
          if (await page.getByRole('button', { name: 'Send me a code' }).count()) await prove(browser, phone);
          await page.getByRole('link', { name: 'UPI' }).click();
          await page.getByLabel('UPI ID').fill('success@sandbox');
          await browser.look('upi');
          await browser.press('Send ₹1,250 to my UPI ID');
          await browser.reaches('Paid');
        });
      });

      test('a wrong code is told beside its field, and the right one still works', async () => {
        const phone = nextPhone();
        const { url } = await disburse.razorpayLink({ phone });
        await inBrowser({ javaScriptEnabled }, async (browser) => {
          const { page } = browser;
          await browser.open(url);
          await browser.press('Send me a code');
          const otp = await disburse.otp(phone);
          await page.getByLabel('One-time code').fill(otp === '000000' ? '111111' : '000000');
          await browser.press('Confirm');
          const input = page.getByLabel('One-time code');
          assert.equal(await input.getAttribute('aria-invalid'), 'true');
          const described = (await input.getAttribute('aria-describedby')).split(' ').pop();
          assert.match(await page.locator(`#${described}`).innerText(), /not right/);
          await browser.look('wrong-code');
          await input.fill(otp);
          await browser.press('Confirm');
          await page.getByLabel('IFSC').waitFor();
        });
      });

      test('five wrong codes lock the link', async () => {
        const phone = nextPhone();
        const { url } = await disburse.razorpayLink({ phone });
        await inBrowser({ javaScriptEnabled }, async (browser) => {
          await browser.open(url);
          await browser.press('Send me a code');
          const otp = await disburse.otp(phone);
          for (let i = 0; i < 5; ++i) {
            await browser.page.getByLabel('One-time code').fill(otp === '000000' ? '111111' : '000000');
            await browser.press('Confirm');
          }
          await browser.reaches('Locked for a while');
          await browser.look('locked');
        });
      });

      test('mistakes in the details are told beside their fields and what was typed is kept', async () => {
        const phone = nextPhone();
        const { url } = await disburse.razorpayLink({ phone });
        await inBrowser({ javaScriptEnabled }, async (browser) => {
          const { page } = browser;
          await browser.open(url);
          await prove(browser, phone);
          await fillBank(page, { ...BANK, again: '51234567899' });
          const submit = page.getByRole('button', { name: 'Send ₹1,250 to my account' });
          await (javaScriptEnabled ? submit.click() : browser.press('Send ₹1,250 to my account'));
          const again = page.getByLabel('Account number again');
          await page.getByText('The two account numbers are not the same.').first().waitFor();
          assert.equal(await again.getAttribute('aria-invalid'), 'true');
          assert.equal(await page.getByLabel('Account holder’s name').inputValue(), BANK.name);
          assert.equal((await page.getByLabel('IFSC').inputValue()).toLowerCase(), BANK.ifsc);
          const number = await page.getByLabel('Account number', { exact: true }).inputValue();
          assert.equal(number, javaScriptEnabled ? BANK.account : '', 'the server shows an account number again');
          await browser.look('numbers-differ');
          await fillBank(page);
          await browser.press('Send ₹1,250 to my account');
          await browser.reaches('Paid');
        });
      });

      test('a payment that the bank refuses can be tried again', async () => {
        const phone = nextPhone();
        const { url, code } = await disburse.razorpayLink({ phone });
        await inBrowser({ javaScriptEnabled }, async (browser) => {
          const { page } = browser;
          await browser.open(url);
          const otp = await prove(browser, phone);
          await page.getByRole('link', { name: 'UPI' }).click();
          await page.getByLabel('UPI ID').fill('failure@sandbox');
          await browser.press('Send ₹1,250 to my UPI ID');
          await page.getByText('The last payment did not arrive').waitFor({ timeout: 20_000 });
          await browser.look('try-again');
          assert.ok((await disburse.claim(code)).last_failure);
          // A proof is good for one payout; the next code can be sent half a minute after the first.
          await disburse.advance(31);
          await prove(browser, phone, { not: otp });
          await fillBank(page);
          await browser.press('Send ₹1,250 to my account');
          await browser.reaches('Paid');
        });
      });

      test('a link that was cancelled says so', async () => {
        const { id, url } = await disburse.razorpayLink({ phone: nextPhone() });
        await disburse.cancelRazorpayLink(id);
        await inBrowser({ javaScriptEnabled }, async (browser) => {
          await browser.open(url);
          assert.equal(await browser.heading(), 'This link was cancelled');
          await browser.look('cancelled');
        });
      });

      test('a link that does not exist says so with status 404', async () => {
        await inBrowser({ javaScriptEnabled }, async (browser) => {
          const answer = await browser.open(new URL('/c/AAAAAAAAAAAAAAAAAAAAAA', disburse.url).href);
          assert.equal(answer.status(), 404);
          assert.equal(await browser.heading(), 'There is nothing here');
          await browser.look('nothing-here');
        });
      });
    });
  }

  test('the whole first view weighs less than 30 KB', async () => {
    const phone = nextPhone();
    const { url } = await disburse.razorpayLink({ phone, email: 'gaurav.kumar@example.com' });
    await inBrowser({}, async (browser) => {
      await browser.open(url);
      await browser.page.waitForLoadState('networkidle');
      const first = browser.weight();
      assert.ok(browser.bytes.size >= 3, `page, style and script were not counted: ${[...browser.bytes.keys()]}`);
      assert.ok(first > 1_000 && first < WEIGHT_LIMIT, `the first view weighs ${first} bytes`);
      await prove(browser, phone);
      await browser.page.waitForLoadState('networkidle');
      assert.ok(browser.weight() < WEIGHT_LIMIT, `the way to the details weighs ${browser.weight()} bytes`);
    });
  });

  test('a code cannot be asked for twice within half a minute, and the page counts down', async () => {
    const phone = nextPhone();
    const { url } = await disburse.razorpayLink({ phone });
    await inBrowser({}, async (browser) => {
      await browser.open(url);
      await browser.press('Send me a code');
      await browser.page.getByRole('button', { name: /You can send a new code in \d+ s/ }).waitFor();
    });
    await inBrowser({ javaScriptEnabled: false }, async (browser) => {
      await browser.open(url);
      await browser.press('Send a new code');
      await browser.page.getByText('Wait half a minute').waitFor();
      await browser.look('too-soon');
    });
  });

  test('on a wide screen and in the dark the page is as it should be', async () => {
    const { url } = await disburse.razorpayLink({ phone: nextPhone(), email: 'gaurav.kumar@example.com' });
    await inBrowser({ width: 1280, height: 800 }, async (browser) => {
      await browser.open(url);
      await browser.look('wide');
    });
    await inBrowser({ width: 390, height: 800, colorScheme: 'dark' }, async (browser) => {
      await browser.open(url);
      const ground = await browser.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.notEqual(ground, 'rgb(243, 245, 244)', 'the page is light in the dark');
      await browser.look('dark');
    });
  });

  test('what a merchant wrote cannot become markup or script', async () => {
    const description = '"><script>document.title="owned"</script><img src=x>';
    const { url } = await disburse.razorpayLink({ phone: nextPhone(), description });
    await inBrowser({}, async (browser) => {
      await browser.open(url);
      assert.notEqual(await browser.page.title(), 'owned');
      assert.equal(await browser.page.locator('img').count(), 0);
      await browser.page.getByText(description).waitFor();
    });
  });

  test('a form sent from another site is refused', async () => {
    const { code } = await disburse.razorpayLink({ phone: nextPhone() });
    const answer = await disburse.call('POST', `/c/${code}/otp`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
      body: 'channel=sms',
    });
    assert.equal(answer.status, 403);
    assert.equal((await disburse.claim(code)).otp.sent_at, null);
  });

  test('a link that is not active yet says from when it is', async () => {
    const { now } = await disburse.advance(0);
    const activatedAt = indianTime(Date.parse(now) + 24 * 3600_000);
    const { url } = await disburse.instantpayLink({ phone: nextPhone(), activatedAt });
    await inBrowser({}, async (browser) => {
      await browser.open(url);
      assert.equal(await browser.heading(), 'Not open yet');
      await browser.look('not-open-yet');
    });
  });

  test('a payment that the bank sends back later is told as such', async () => {
    const phone = nextPhone();
    const { url, code } = await disburse.razorpayLink({ phone });
    const token = await disburse.proveOtp(code, phone);
    const details = { method: 'bank', name: BANK.name, ifsc: 'HDFC0000001' };
    const account = { account_number: '71234567890', account_number_again: '71234567890' };
    assert.equal((await disburse.submit(code, token, { ...details, ...account })).status, 202);
    await disburse.claimBecomes(code, 'paid');
    await disburse.advance(3700);
    await disburse.claimBecomes(code, 'failed');
    await inBrowser({}, async (browser) => {
      await browser.open(url);
      assert.equal(await browser.heading(), 'The bank sent it back');
      await browser.look('sent-back');
    });
  });

  // Last: it moves the clock past the end of every link.
  test('a link that has expired says so', async () => {
    const { url } = await disburse.instantpayLink({ phone: nextPhone() });
    await disburse.advance(LINK_LIFE_S);
    await inBrowser({}, async (browser) => {
      await browser.open(url);
      assert.equal(await browser.heading(), 'This link has expired');
      await browser.look('expired');
    });
  });
});
