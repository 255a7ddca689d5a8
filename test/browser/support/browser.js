// Chromium for tests, and pages in it that keep a record of everything a page should not do: errors
// on the console, broken policies, layout that shifts. On failure a screenshot is left in a folder
// that the message names.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { chromium } = require('playwright-core');

// It must not look for hosts of its own: it is tested on a closed network.
const launchOptions = {
  // The same engine without the browser around it: a third less work for each page.
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
};
const patience = { timeout: 20000 };

// Runs inside the page, before anything else.
function record() {
  globalThis.shifts = [];
  globalThis.violations = [];
  addEventListener('securitypolicyviolation', (event) =>
    globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  const shifted = (list) => list.getEntries().filter((one) => !one.hadRecentInput)
    .forEach((one) => globalThis.shifts.push(one.value));
  new PerformanceObserver(shifted).observe({ type: 'layout-shift', buffered: true });
}

class Browser {
  static async open() {
    const browser = new Browser();
    browser.chromium = await chromium.launch(launchOptions);
    return browser;
  }
  async close() { await this.chromium?.close(); }

  // A page that keeps its record.
  async page(options = {}) {
    const context = await this.chromium.newContext({ locale: 'en-US', ...options });
    context.setDefaultTimeout(patience.timeout);
    const page = await context.newPage();
    page.errors = [];
    page.on('console', (line) => {
      if (line.type() === 'error') page.errors.push(`${line.text()} ${line.location().url}`);
    });
    page.on('pageerror', (error) => page.errors.push(String(error)));
    await page.addInitScript(record);
    return page;
  }

  // Runs the steps with a page of their own.
  async with(options, steps) {
    const page = await this.page(options);
    try {
      await steps(page, page.context());
    } catch (error) {
      await this.keep(page, error);
      throw error;
    } finally {
      await page.context().close();
    }
  }

  async keep(page, error) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-page-'));
    const file = path.join(folder, 'page.png');
    await page.screenshot({ path: file, fullPage: true }).catch(() => null);
    error.message += `\n${page.url()}, screenshot in ${file}\n${page.errors.join('\n')}`;
  }
}

// The large letters on the page.
const headline = (text) => `claimcheck-status .headline:text-is("${text}")`;

async function sees(page, text) { await page.waitForSelector(headline(text)); }

// No error on the console but those that `expected` names, and no broken policy.
async function assertClean(page, ...expected) {
  const errors = page.errors.filter((error) => !expected.some((one) => one.test(error)));
  assert.deepEqual(errors, []);
  assert.deepEqual(await page.evaluate('violations'), []);
}

module.exports = { Browser, assertClean, headline, launchOptions, patience, sees };
