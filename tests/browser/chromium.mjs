// Debian's Chromium with an empty profile, with or without JavaScript. Every page is watched: what the console says,
// what the policy blocks and what fails to load is a failure of the test.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

import { root } from '../harness.mjs';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const SCREENSHOTS = path.join(root, 'build', 'artefacts', 'screenshots');
mkdirSync(SCREENSHOTS, { recursive: true });

export async function openBrowser({ javaScriptEnabled = true, width = 320, height = 640, colorScheme = 'light' } = {}) {
  const profile = await mkdtemp(path.join(tmpdir(), 'disburse-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
    headless: true,
    args: ARGUMENTS,
    javaScriptEnabled,
    colorScheme,
    viewport: { width, height },
    locale: 'en-IN',
  });
  context.setDefaultTimeout(15_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const browser = new Browser(context, page, profile, javaScriptEnabled);
  browser.watch();
  return browser;
}

export class Browser {
  troubles = [];
  bytes = new Map(); // of each answer since clearBytes(), head and body, as they came over the wire
  constructor(context, page, profile, javaScriptEnabled) {
    Object.assign(this, { context, page, profile, javaScriptEnabled });
  }

  watch() {
    const { page } = this;
    page.on('console', (message) => {
      // A page that says "not found" with status 404 is reported as a resource that failed; the tests look at statuses.
      if (message.text().startsWith('Failed to load resource') && message.location().url === page.url()) return;
      this.troubles.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.troubles.push(`script: ${error.message}`));
    page.on('requestfailed', (request) => {
      if (!request.failure()?.errorText.includes('ERR_ABORTED')) this.troubles.push(`failed: ${request.url()}`);
    });
    page.on('request', (request) => {
      const foreign = this.origin && new URL(request.url()).origin !== this.origin;
      if (foreign && !request.url().startsWith('data:')) this.troubles.push(`elsewhere: ${request.url()}`);
    });
    page.on('requestfinished', async (request) => {
      const sizes = await request.sizes().catch(() => null);
      if (sizes) this.bytes.set(request.url(), sizes.responseHeadersSize + sizes.responseBodySize);
    });
  }

  async open(url) {
    this.origin = new URL(url).origin;
    return this.page.goto(url, { waitUntil: 'load' });
  }
  // Presses a button and waits for the page after it.
  async press(name) {
    await Promise.all([
      this.page.waitForNavigation({ waitUntil: 'load' }),
      this.page.getByRole('button', { name }).click(),
    ]);
  }
  heading() {
    return this.page.locator('h1').innerText();
  }
  // Waits for the page's own reloads to show a headline; without JavaScript too.
  async reaches(headline) {
    await this.page.getByRole('heading', { level: 1, name: headline }).waitFor({ timeout: 20_000 });
  }

  clearBytes() {
    this.bytes.clear();
  }
  weight() {
    return [...this.bytes.values()].reduce((sum, size) => sum + size, 0);
  }

  // The screenshot is kept; a page that is wider than the screen is a failure.
  async look(name) {
    const suffix = this.javaScriptEnabled ? '' : '-without-js';
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `${name}${suffix}.png`), fullPage: true });
    // Playwright's own evaluation works with the page's JavaScript switched off.
    const [wide, screen] = await this.page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(wide <= screen, `${name} is ${wide} pixels wide on a screen of ${screen}`);
  }

  async discard() {
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true });
  }
  async close() {
    await this.discard();
    assert.deepEqual(this.troubles, []);
  }
}
