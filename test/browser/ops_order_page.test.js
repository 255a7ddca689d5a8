// What stands on the page of one order, in a real Chromium: whatever somebody needs who answers its
// buyer or sends money back.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord, secrets } = require('../blackbox/support/claimcheck.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, patience } = require('./support/browser.js');
const { signInAt } = require('./support/operator.js');

const email = `ada-${privateWord}@example.com`;
const prompt = `A ${privateWord}\nat <b>dawn</b>`;

describe('the page of one order', () => {
  let shop;
  let browser;
  let held;
  let refunded;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_REFUNDS: 'manual' } });
    const fails = (times) => shop.sandbox.faults({ match: 'POST /api/v1/file/generate-video',
      times, action: { task: 'error' } });
    await fails(1);
    held = await shop.paidOrder({ quantity: 3, prompt, customerEmail: email });
    await shop.statusWhen(held, (seen) =>
      seen.notice === 'held' && seen.files.filter((file) => file.url).length === 2);
    await fails(0);
    refunded = await shop.paidOrder({ quantity: 2 });
    await shop.statusWhen(refunded, (seen) => seen.notice === 'held');
    const { status } = await shop.ask('POST', `/api/ops/sessions/${refunded}/actions`, {
      headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` },
      body: { action: 'refund', all: true, note: 'by phone' } });
    assert.equal(status, 200);
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const pageTest = (name, id, steps) => test(name, () => browser.with({}, async (page, context) => {
    await signInAt(page, shop, `#/order/${id()}`, '.timeline li');
    await steps(page, context);
  }));

  pageTest('has the buyer\'s address, words and page', () => held, async (page) => {
    assert.equal(await page.textContent('.facts div:has(dt:text-is("E-mail")) dd'), email);
    assert.equal(await page.textContent('.prompt dd'), prompt);
    const link = page.locator('a:has-text("The buyer\'s page")');
    assert.equal(await link.getAttribute('href'), `/payment-success/${held}`);
    const { status } = await shop.ask('GET', await link.getAttribute('href'));
    assert.equal(status, 200);
  });

  pageTest('tells the mode, also when it is opened directly', () => held, async (page) => {
    await page.waitForSelector('#mode.test >> text=test', patience);
    assert.equal(await page.title(), `Order …${held.slice(-6)} – claimcheck operator`);
  });

  pageTest('has no moment as the server writes it', () => held, async (page) => {
    await page.waitForSelector('.why li', patience);
    const open = await shop.order();
    await page.goto(`${shop.server.url}/ops#/order/${open}`);
    await page.waitForSelector('.why li >> text=The form at Stripe closes at', patience);
    assert.doesNotMatch(await page.textContent('.why'), /\d\dT\d\d:/);
    assert.match(await page.textContent('.why'), /closes at \w+ \d+, \d+, [\d:]+ [AP]M \(in \d+/);
  });

  pageTest('counts videos from 1 also where a person decided', () => refunded, async (page) => {
    await page.waitForSelector('.timeline >> text=operator: refund videos 1, 2', patience);
    assert.doesNotMatch(await page.textContent('.timeline'), /\bunit/);
  });

  pageTest('offers first what helps against the cause, with what each choice costs', () => held,
    async (page) => {
      const choices = page.locator('td.acts li');
      assert.deepEqual(await choices.locator('button').allTextContents(),
        ['Make anew', 'Try again', 'Deliver by hand', 'Refund']);
      const plain = await choices.locator('button').evaluateAll((all) =>
        all.map((one) => one.classList.contains('plain')));
      assert.deepEqual(plain, [false, true, true, true]);
      const said = await choices.locator('span').allTextContents();
      assert.match(said[0], /ordered from the generator once more\. Costs one generation/);
      assert.match(said[1], /same failed job\. Costs nothing, and will most likely end the same/);
      assert.match(said[2], /Costs nothing/);
      assert.match(said[3], /^\$1\.00 goes back to the buyer\. This cannot be undone\.$/);
      const lines = await page.locator('.why .choices li').allTextContents();
      assert.ok(lines.length > 0 && lines.every((line) => /\.$/.test(line)), String(lines));
    });

  pageTest('is titled by amount, state and buyer, who come first', () => held, async (page) => {
    assert.equal(await page.textContent('h1'), `$3.00 · Held Delivered · ${email}`);
    const headings = await page.locator('#main h2').allTextContents();
    assert.deepEqual(headings, ['The buyer', 'Waits for your decision', 'Videos', 'History',
      'Records as they are stored']);
    assert.equal(await page.locator('summary:text-is("History")').count(), 0);
    const said = await page.locator('#main').textContent();
    const [words] = said.split('History');
    assert.equal(words.match(/the generator reported an error\./g).length, 1, words);
    assert.equal(words.match(/for your decision/g).length, 1);
  });

  test('an order that is over says how it ended, and plans nothing', () =>
    browser.with({}, async (page) => {
      await signInAt(page, shop, `#/order/${refunded}`, 'h2:text-is("How it ended")');
      assert.doesNotMatch(await page.textContent('.why'), /further look|next look/);
    }));

  pageTest('has an entry of its history for each video and moment', () => held, async (page) => {
    const entries = await page.locator('.timeline .change').allTextContents();
    assert.equal(entries.length, 4, String(entries));  // of 14 steps in two seconds
    assert.ok(entries.some((text) =>
      /^Video 2: Waiting → Being submitted → Being made → Made → Delivered /.test(text)));
  });

  pageTest('has the amount before all of it is sent back', () => held, async (page) => {
    await page.click('text=Refund all');
    assert.equal(await page.textContent('#dialog-title'), 'Refund all: 1 video, $1.00');
  });

  pageTest('does not blame a delivery for an order that waits', () => held, async (page) => {
    const changes = page.locator('.timeline li', { hasText: /Delivered|Held/ });
    const [held, delivered] = await changes.all();
    assert.match(await held.getAttribute('class'), /held/);
    assert.match(await held.textContent(), /In progress → Held.*1 of 3 videos wait for a person/s);
    assert.match(await delivered.getAttribute('class'), /deliver/);
    assert.equal(await page.locator('.timeline p:text-is("submit")').count(), 0);
    assert.deepEqual(await page.locator('.head .badge').allTextContents(), ['Held', 'Delivered']);
  });

  pageTest('takes no address that is not https, before it is sent', () => held, async (page) => {
    const sent = [];
    await page.route('**/actions', (route) => {
      sent.push(route.request().url());
      return route.fulfill({ status: 400, json: { error: 'url must be an https address' } });
    });
    await page.click('td.acts button:has-text("Deliver by hand")');
    await page.fill('#dialog-url', 'http://videos.example.com/1.mp4');
    await page.click('#dialog-ok');
    assert.ok(await page.evaluate(() => document.querySelector('#dialog-url:invalid') !== null));
    assert.deepEqual(sent, []);
    await page.fill('#dialog-url', 'https://videos.example.com/1.mp4');
    await page.click('#dialog-ok');
    await page.waitForSelector('#dialog-error:text-is("Url must be an https address.")', patience);
  });

  pageTest('copies its id, or selects it where that is not allowed', () => held,
    async (page, context) => {
      await page.clock.install();
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.click('.id button');
      await page.waitForSelector('.id button:text-is("Copied")', patience);
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), held);
      await page.clock.fastForward(2500);
      await page.waitForSelector('.id button:text-is("Copy")', patience);
      await page.evaluate(() =>
        Object.defineProperty(navigator, 'clipboard', { value: undefined }));
      await page.click('.id button');
      await page.waitForSelector('.id button:text-is("Selected")', patience);
      assert.equal(await page.evaluate(() => String(getSelection())), held);
      assert.deepEqual(page.errors.filter((error) => !/ 401 /.test(error)), []);
    });

  test('leads to Stripe also when its claim is gone', () => browser.with({}, async (page) => {
    const lost = await shop.order();
    await shop.redis('DEL', `claim:{session:${lost}}`);
    await signInAt(page, shop, `#/order/${lost}`, 'text=What is owed cannot be read');
    assert.equal(await page.getAttribute('.notice a', 'href'),
      `https://dashboard.stripe.com/test/search?query=${lost}`);
    await page.waitForSelector('.notice >> text=claimcheck audit', patience);
    const [above, below] = await page.locator('#main section').evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })));
    assert.ok(below.top - above.bottom >= 8);
    await page.waitForSelector('#mode.test', patience);
  }));
});
