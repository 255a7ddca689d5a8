// The operator's lists in a real Chromium: they grow by themselves, can be stopped, survive a
// failed answer, show what cannot be read, and keep their times true. The answers are ours, since
// nobody makes thousands of orders for a test.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, patience } = require('./support/browser.js');
const { answers, listen, requestsOf, signInAt } = require('./support/operator.js');

const lists = '**/api/ops/sessions?filter=refunded*';
const order = (n) => ({ id: `cs_test_${n}`, state: 'done', held: false, units: ['refunded'],
  created: '2026-01-01T00:00:00Z', amount: 100, currency: 'usd', reason: '' });
const orders = (from, many) => Array.from({ length: many }, (_, i) => order(from + i));
const part = (found, next) => ({ orders: found, searched: 500, next });
const foot = (text) => `#main .foot >> text="${text}"`;

// A promise that the test resolves.
function gate() {
  let open;
  const opened = new Promise((resolve) => { open = resolve; });
  return { open, opened };
}

describe('the operator\'s lists', () => {
  let shop;
  let browser;
  before(async () => {
    shop = await Shop.open();
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const show = (page) => page.evaluate(() => { location.hash = '#/orders/refunded'; });
  const listTest = (name, list, steps) => test(name, () => browser.with({}, async (page) => {
    await signInAt(page, shop, '#/', '#main .notice.good');
    const asked = await answers(page, lists, ...list);
    await steps(page, asked);
  }));

  listTest('what is rare is looked for until the list ends, and said once',
    [part([], 'a'), part([], 'b'), part([order(1)], 'c'), part([], null)],
    async (page, asked) => {
      await page.evaluate(listen);
      await show(page);
      await page.waitForSelector(foot('1 order of 2,000 looked at'), patience);
      assert.deepEqual(asked, ['', 'a', 'b', 'c']);
      assert.ok(await page.isHidden('#main .foot button'));
      const heard = await page.evaluate('heard.filter((text) => text !== "No order is held")');
      assert.deepEqual(heard, ['Looking …', '1 order of 2,000 looked at']);
    });

  listTest('a page of orders is enough, until somebody wants more',
    [part(orders(1, 30), 'a'), part(orders(31, 30), 'b'), part(orders(61, 3), null)],
    async (page, asked) => {
      await show(page);
      await page.click('#main .foot button:text-is("Show more")');
      await page.waitForSelector(foot('63 orders of 1,500 looked at'), patience);
      assert.deepEqual(asked, ['', 'a', 'b']);
      assert.equal(await page.locator('#main tbody tr').count(), 63);
    });

  listTest('after 20,000 it asks whether to go on', Array.from({ length: 41 }, (_, i) =>
    part(i === 40 ? [order(1)] : [], i === 40 ? null : `cursor${i}`)),
  async (page, asked) => {
    await show(page);
    await page.waitForSelector(foot('0 orders of 20,000 looked at'), patience);
    assert.equal(asked.length, 40);
    await page.click('#main .foot button:text-is("Look further back")');
    await page.waitForSelector(foot('1 order of 20,500 looked at'), patience);
  });

  const slow = gate();
  listTest('Stop ends it after the answer under way, and it goes on from there',
    [part([], 'a'), () => slow.opened, part([order(1)], null)],
    async (page, asked) => {
      await show(page);
      await page.waitForSelector(foot('0 orders of 500 looked at …'), patience);
      await page.focus('#main .foot button:text-is("Stop")');
      await page.keyboard.press('Enter');
      slow.open(part([], 'b'));
      await page.waitForSelector(foot('0 orders of 1,000 looked at'), patience);
      assert.deepEqual(asked, ['', 'a']);
      await page.keyboard.press('Enter');  // the same button: now "Look further back"
      await page.waitForSelector(foot('1 order of 1,500 looked at'), patience);
    });

  const late = gate();
  listTest('leaving the view ends it', [part([], 'a'), () => late.opened], async (page, asked) => {
    await show(page);
    await page.waitForSelector(foot('0 orders of 500 looked at …'), patience);
    await page.evaluate(() => { location.hash = '#/'; });
    await page.waitForSelector('.chart canvas', patience);
    const answered = page.waitForResponse(lists);
    late.open(part([], 'b'));
    await (await answered).finished();
    await page.evaluate(() => fetch('/ops'));  // whatever was to be asked is asked by now
    assert.deepEqual(asked, ['', 'a']);
  });

  listTest('a failed answer is told, and the button works again',
    [part(orders(1, 50), 'a'), 500, part([order(51)], null)],
    async (page, asked) => {
      await show(page);
      await page.click('#main .foot button:text-is("Show more")');
      await page.waitForSelector('#main .notice.bad', patience);
      await page.click('#main .foot button:text-is("Show more")');
      await page.waitForSelector(foot('51 orders of 1,000 looked at'), patience);
      assert.equal(await page.locator('#main .notice').count(), 0);
      assert.deepEqual(asked, ['', 'a', 'a']);
    });

  const unread = { id: 'cs_test_unread', heldSince: '2026-01-01T00:00:00Z', problem: 'no number' };
  listTest('an order whose claim cannot be read is a row like the others',
    [part([order(1), unread], null)], async (page) => {
      await show(page);
      const row = page.locator('#main tbody tr', { has: page.locator('text=Unreadable') });
      await row.waitFor(patience);
      assert.equal(await row.locator('a').getAttribute('href'), '#/order/cs_test_unread');
      assert.match(await row.textContent(), /no number/);
      assert.equal(await row.locator('time').getAttribute('datetime'), unread.heldSince);
    });

  listTest('what could not be looked at is told, and not called nothing',
    [{ ...part([], null), note: 'Stripe could not be asked: no answer' }], async (page) => {
      await show(page);
      await page.waitForSelector('#main .notice.warn >> text=Stripe could not be asked', patience);
      assert.equal(await page.locator('#main .notice').count(), 1);
    });

  test('an order whose claim really cannot be read comes first of all', () =>
    browser.with({}, async (page) => {
      const claim = 'claim:{session:cs_test_strange}';
      await shop.redis('HSET', claim, 'version', 'odd');
      await shop.redis('ZADD', 'claimcheck:{p00}:held', '1', 'cs_test_strange');
      await signInAt(page, shop, '#/', '#main td .badge.unreadable');
      await page.click('#main a[href="#/order/cs_test_strange"]');
      await page.waitForSelector('text=What is owed cannot be read', patience);
      await shop.redis('DEL', claim);
    }));

  test('times stay true on a page that is not made anew', () => browser.with({}, async (page) => {
    await page.clock.install();
    await shop.order();
    await signInAt(page, shop, '#/orders/waiting', '#main tbody time');
    const asked = requestsOf(page, '/api/ops/');
    await page.clock.fastForward(600000);
    await page.waitForSelector('#main time:text-is("10 min ago")', patience);
    assert.deepEqual(asked, []);
  }));

  test('an address that is none says so', () => browser.with({}, async (page) => {
    await signInAt(page, shop, '#/', '.chart canvas');
    await page.goto(`${shop.server.url}/ops#/order/%`);
    await page.reload();
    await page.waitForSelector('h1:text-is("There is no such page")', patience);
    await page.goto(`${shop.server.url}/ops#/order/nonsense`);
    await page.waitForSelector('text=There is no such order here', patience);
    await page.goto(`${shop.server.url}/ops#/nonsense`);
    await page.waitForSelector('h1:text-is("There is no such page")', patience);
    assert.deepEqual(page.errors.filter((error) => !/ 40[01] /.test(error)), []);
  }));
});
