// The operator's lists in a real Chromium: they grow by themselves, can be stopped, survive a
// failed answer, show what cannot be read, and keep their times true. The answers are ours, since
// nobody makes thousands of orders for a test.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { patience } = require('./support/browser.js');
const {
  answers, listen, openShop, order, orders, part, refundedLists: lists, requestsOf, signInAt,
} = require('./support/operator.js');

const foot = (text) => `#main .foot >> text="${text}"`;

// A promise that the test resolves.
function gate() {
  let open;
  const opened = new Promise((resolve) => { open = resolve; });
  return { open, opened };
}

describe('the operator\'s lists', () => {
  const own = openShop();

  const show = (page) => page.evaluate(() => { location.hash = '#/orders/refunded'; });
  const listTest = (name, list, steps) => test(name, () => own.browser.with({}, async (page) => {
    await signInAt(page, own.shop, '#/', '#main .notice.good');
    const asked = await answers(page, lists, ...list);
    await steps(page, asked);
  }));

  listTest('what is rare is looked for until the list ends, and said once',
    [part([], 'a'), part([], 'b'), part([order(1)], 'c'), part([], null)],
    async (page, asked) => {
      await page.evaluate(listen);
      await show(page);
      await page.waitForSelector(foot('1 order found, 2,000 searched'), patience);
      assert.deepEqual(asked, ['', 'a', 'b', 'c']);
      assert.ok(await page.isHidden('#main .foot button'));
      const heard = await page.evaluate('heard.filter((text) => text !== "No order is held")');
      assert.deepEqual(heard, ['Looking …', '1 order found, 2,000 searched']);
    });

  listTest('a page of orders is enough, until somebody wants more',
    [part(orders(1, 30), 'a'), part(orders(31, 30), 'b'), part(orders(61, 3), null)],
    async (page, asked) => {
      await show(page);
      await page.click('#main .foot button:text-is("Show more")');
      await page.waitForSelector(foot('63 orders found, 1,500 searched'), patience);
      assert.deepEqual(asked, ['', 'a', 'b']);
      assert.equal(await page.locator('#main tbody tr').count(), 63);
    });

  listTest('after 20,000 it asks whether to go on', Array.from({ length: 41 }, (_, i) =>
    part(i === 40 ? [order(1)] : [], i === 40 ? null : `cursor${i}`)),
  async (page, asked) => {
    await show(page);
    await page.waitForSelector(foot('0 orders found, 20,000 searched'), patience);
    assert.equal(asked.length, 40);
    await page.click('#main .foot button:text-is("Look further back")');
    await page.waitForSelector(foot('1 order found, 20,500 searched'), patience);
  });

  const slow = gate();
  listTest('Stop ends it after the answer under way, and it goes on from there',
    [part([], 'a'), () => slow.opened, part([order(1)], null)],
    async (page, asked) => {
      await show(page);
      await page.waitForSelector(foot('0 orders found, 500 searched …'), patience);
      await page.focus('#main .foot button:text-is("Stop")');
      await page.keyboard.press('Enter');
      slow.open(part([], 'b'));
      await page.waitForSelector(foot('0 orders found, 1,000 searched'), patience);
      assert.deepEqual(asked, ['', 'a']);
      await page.keyboard.press('Enter');  // the same button: now "Look further back"
      await page.waitForSelector(foot('1 order found, 1,500 searched'), patience);
    });

  const late = gate();
  listTest('leaving the view ends it', [part([], 'a'), () => late.opened], async (page, asked) => {
    await show(page);
    await page.waitForSelector(foot('0 orders found, 500 searched …'), patience);
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
      await page.waitForSelector(foot('51 orders found, 1,000 searched'), patience);
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
    own.browser.with({}, async (page) => {
      const claim = 'claim:{session:cs_test_strange}';
      await own.shop.redis('HSET', claim, 'version', 'odd');
      await own.shop.redis('ZADD', 'claimcheck:{p00}:held', '1', 'cs_test_strange');
      await signInAt(page, own.shop, '#/', '#main td .badge.unreadable');
      await page.click('#main a[href="#/order/cs_test_strange"]');
      await page.waitForSelector('text=What is owed cannot be read', patience);
      await own.shop.redis('DEL', claim);
    }));

  const pageTest = (name, steps) => test(name, () => own.browser.with({}, steps));

  pageTest('times stay true on a page that is not made anew', async (page) => {
    await page.clock.install();
    await own.shop.order({ customerEmail: 'stays@example.com' });
    await signInAt(page, own.shop, '#/orders/waiting', '#main tbody time');
    await page.fill('input[type=search]', 'veo3');
    await page.press('input[type=search]', 'Enter');
    await page.waitForSelector('#main tbody time', patience);
    const asked = requestsOf(page, '/api/ops/search');
    await page.clock.fastForward(600000);
    await page.waitForSelector('#main time:text-is("10 min ago")', patience);
    assert.deepEqual(asked, []);
  });

  pageTest('an address that is none says so', async (page) => {
    await signInAt(page, own.shop, '#/', '.chart canvas');
    await page.goto(`${own.shop.server.url}/ops#/order/%`);
    await page.reload();
    await page.waitForSelector('h1:text-is("There is no such page")', patience);
    await page.goto(`${own.shop.server.url}/ops#/order/nonsense`);
    await page.waitForSelector('text=There is no such order here', patience);
    await page.goto(`${own.shop.server.url}/ops#/nonsense`);
    await page.waitForSelector('h1:text-is("There is no such page")', patience);
    assert.deepEqual(page.errors.filter((error) => !/ 40[01] /.test(error)), []);
  });
});
