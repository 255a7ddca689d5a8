// The operator's lists while orders go on, in a real Chromium: rows that a person recognises, what
// changes comes by itself, and nobody is thrown off the row in which he stands.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { patience } = require('./support/browser.js');
const { answers, openShop, order, orders, part, refundedLists, signInAt } =
  require('./support/operator.js');

const liveMs = 10000;
const titled = (n, more = {}) => ({ ...order(n), title: `Clip ${n}`, ...more });
const titles = (page) => page.locator('#main tbody .what a').allTextContents();
const counted = { all: 1234, held: 2, disputed: 0, waiting: 3, working: 1, givenUp: 0 };

describe('a list that is live', () => {
  const own = openShop();

  // Signs in at the overview with a clock of ours, then opens the list.
  const liveTest = (name, list, steps) => test(name, () => own.browser.with({}, async (page) => {
    await page.clock.install();
    await signInAt(page, own.shop, '#/', '.chart canvas');
    const asked = await answers(page, refundedLists, ...list);
    await page.evaluate(() => { location.hash = '#/orders/refunded'; });
    await page.waitForSelector('#main tbody tr', patience);
    await steps(page, asked);
  }));

  test('shows what a person recognises, and an id last', () =>
    own.browser.with({}, async (page) => {
      const prompt = 'A cat plays chess at dawn with a very old bishop who does not look up at ' +
        'all while it rains';
      const id = await own.shop.order({ prompt, customerEmail: 'ada@example.com' });
      await signInAt(page, own.shop, '#/orders/waiting', '#main tbody tr');
      const row = page.locator(`#main tr[data-id="${id}"]`);
      assert.match(await row.locator('.what a').textContent(), /Prompt Generator/);
      assert.equal(await row.locator('.prompt-words').textContent(),
        '“A cat plays chess at dawn with a very old bishop who does not look up at all…”');
      assert.equal(await row.locator('.email').textContent(), 'ada@example.com');
      const text = await row.textContent();
      assert.ok(text.indexOf('ada@example.com') < text.indexOf('cs_test_'));
      for (const head of ['Amount', 'Videos']) {
        const align = await row.locator(`td[data-label=${head}]`)
          .evaluate((cell) => getComputedStyle(cell).textAlign);
        assert.equal(align, 'right', head);
      }
    }));

  liveTest('a new order comes on top, one that left goes, and the others keep their rows',
    [part([titled(2), titled(1)], null), part([titled(3), titled(2)], null)],
    async (page, asked) => {
      await page.evaluate(() => {
        document.querySelector('tr[data-id="cs_test_2"]').mine = true;
      });
      await page.clock.runFor(liveMs);
      await page.waitForSelector('text=Clip 3', patience);
      assert.deepEqual(await titles(page), ['Clip 3', 'Clip 2']);
      assert.ok(await page.evaluate(() =>
        document.querySelector('tr[data-id="cs_test_2"]').mine));
      assert.deepEqual(asked, ['', '']);
    });

  liveTest('an order that has changed is told anew in its place',
    [part([titled(2), titled(1, { reason: 'early' })], null),
      part([titled(2), titled(1, { reason: 'late' })], null)],
    async (page) => {
      await page.clock.runFor(liveMs);
      await page.waitForSelector('#main td.reason:text-is("late")', patience);
      assert.deepEqual(await titles(page), ['Clip 2', 'Clip 1']);
    });

  liveTest('nothing moves while the keyboard stands in a row, or a question is open',
    [part([titled(1)], null), part([titled(2), titled(1)], null)],
    async (page, asked) => {
      await page.focus('#main tbody a');
      await page.clock.runFor(2 * liveMs);
      await page.evaluate(() => fetch('/ops'));  // whatever was to be asked is asked by now
      assert.deepEqual(asked, ['']);
      await page.evaluate(() => {
        document.activeElement.blur();
        document.getElementById('dialog').showModal();
      });
      await page.clock.runFor(2 * liveMs);
      await page.evaluate(() => fetch('/ops'));
      assert.deepEqual(asked, ['']);
      await page.evaluate(() => document.getElementById('dialog').close());
      await page.clock.runFor(liveMs);
      await page.waitForSelector('text=Clip 2', patience);
    });

  liveTest('what a reader has paged to stays, and he stays where he reads',
    [part(orders(101, 50), 'r.1.cs_test_a'), part(orders(1, 50), null),
      part([...orders(200, 5), ...orders(101, 45)], 'r.99999999999999999.cs_test_b')],
    async (page) => {
      await page.click('#main .foot button:text-is("Show more")');
      await page.waitForFunction(() => document.querySelectorAll('#main tbody tr').length === 100,
        null, patience);
      const place = () => page.locator('tr[data-id="cs_test_20"]').evaluate((row) =>
        Math.round(row.getBoundingClientRect().top));
      await page.locator('tr[data-id="cs_test_20"]').scrollIntoViewIfNeeded();
      const before = await place();
      await page.clock.runFor(liveMs);
      await page.waitForSelector('tr[data-id="cs_test_204"]', { ...patience, state: 'attached' });
      assert.ok(Math.abs(await place() - before) <= 1, `${before} ${await place()}`);
      assert.equal(await page.locator('#main tbody tr').count(), 105);
    });
});

describe('what stands around a list', () => {
  const own = openShop();

  test('filters have their numbers, and Notifications those that were given up', () =>
    own.browser.with({}, async (page) => {
      await page.route('**/api/ops/counts', (route) =>
        route.fulfill({ json: { ...counted, givenUp: 9 } }));
      await signInAt(page, own.shop, '#/orders/all', 'text=No orders yet.');
      await page.waitForSelector('#given-up:text-is("9")', patience);
      assert.deepEqual(await page.locator('.pills a').allTextContents(), ['All1,234', 'Held2',
        'Disputed0', 'Waiting3', 'In progress1', 'Delivered', 'Refunded', 'Unpaid']);
    }));

  test('while nothing was given up Notifications have no number', () =>
    own.browser.with({}, async (page) => {
      const told = page.waitForResponse('**/api/ops/counts');
      await signInAt(page, own.shop, '#/', '.chart canvas');
      await (await told).finished();
      assert.ok(await page.isHidden('#given-up'));
    }));

  test('days are a part of the address, asked for as moments, and kept by the other filters', () =>
    own.browser.with({ timezoneId: 'Asia/Tokyo' }, async (page) => {
      await signInAt(page, own.shop, '#/orders/all', 'text=No orders yet.');
      const asked = page.waitForRequest(/sessions\?filter=all.*from=/);
      await page.fill('[data-day=from]', '2026-11-02');
      const { searchParams } = new URL((await asked).url());
      assert.equal(searchParams.get('from'), '2026-11-01T15:00:00.000Z');
      assert.equal(searchParams.get('until'), null);
      const both = page.waitForRequest(/sessions\?filter=all.*until=/);
      await page.fill('[data-day=to]', '2026-11-03');
      const until = new URL((await both).url()).searchParams.get('until');
      assert.equal(until, '2026-11-03T15:00:00.000Z');  // the last day is included
      await page.waitForSelector('text=No such orders in these days.', patience);
      assert.ok(page.url().endsWith('#/orders/all/2026-11-02/2026-11-03'));
      const href = (text) => page.getAttribute(`.pills a:has-text("${text}")`, 'href');
      assert.equal(await href('Refunded'), '#/orders/refunded/2026-11-02/2026-11-03');
      assert.equal(await href('Held'), '#/orders/held');
      assert.match(await page.getAttribute('a.csv', 'href'), /filter=all&from=.*&until=/);
    }));

  test('the list is downloaded as a file', () => own.browser.with({}, async (page) => {
    const id = await own.shop.order({ prompt: '=1+1, "a cat"' });
    await signInAt(page, own.shop, '#/orders/all', '#main tbody tr');
    const download = page.waitForEvent('download');
    await page.click('a.csv');
    const file = await download;
    assert.equal(file.suggestedFilename(), 'orders-all.csv');
    const chunks = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    assert.match(text, /^\uFEFFcreated,paid,state,/);
    assert.ok(text.includes(`,"'=1+1, ""a cat""",`), text);
    assert.ok(text.includes(id));
  }));
});
