// Many held orders decided at once, in a real Chromium: only what waits for the same can be chosen
// together, and the question says how many and how much before anything is done.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { patience } = require('./support/browser.js');
const { answers, openShop, part, signInAt } = require('./support/operator.js');

const heldLists = '**/api/ops/sessions?filter=held*';
const held = (n, more = {}) => ({ id: `cs_test_${n}`, state: 'held', held: true, units: ['held'],
  created: '2026-01-01T00:00:00Z', heldSince: '2026-01-01T00:00:00Z', amount: 100,
  currency: 'usd', reason: 'odd', title: `Clip ${n}`, version: 10 + n, heldAmount: 100,
  heldActions: ['resubmit', 'retry', 'refund'], ...more });

describe('many held orders', () => {
  const own = openShop();

  const heldTest = (name, orders, steps) => test(name, () => own.browser.with({}, async (page) => {
    await signInAt(page, own.shop, '#/', '.chart canvas');
    const lists = [part(orders, null), part([], null)];
    await answers(page, heldLists, ...lists);
    await page.evaluate(() => { location.hash = '#/orders/held'; });
    await page.waitForSelector('#main tbody tr', patience);
    await steps(page);
  }));
  const pick = (page, n) => page.check(`[data-pick=cs_test_${n}]`);
  const offered = (page) => page.locator('.together').textContent();

  heldTest('are counted with their money, and offered what all of them permit',
    [held(1), held(2, { heldAmount: 250, heldActions: ['retry', 'refund'] }),
      held(3, { currency: 'eur', heldAmount: 500 })], async (page) => {
      await pick(page, 1);
      assert.equal(await offered(page),
        '1 order chosen, $1.00Make anew…Try again…Refund…Choose none');
      await pick(page, 2);
      await pick(page, 3);
      assert.equal(await offered(page),
        '3 orders chosen, $3.50 + €5.00Try again…Refund…Choose none');
      await page.click('text=Choose none');
      assert.equal(await page.locator('.pick:checked').count(), 0);
    });

  heldTest('are chosen for one cause only', [held(1), held(2, { reason: 'other' }), held(3)],
    async (page) => {
      await pick(page, 1);
      assert.ok(await page.isDisabled('[data-pick=cs_test_2]'));
      await page.uncheck('[data-pick=cs_test_1]');
      assert.ok(await page.isEnabled('[data-pick=cs_test_2]'));
      await page.click('text=Choose 2 held since “odd”');
      assert.equal(await page.locator('.pick:checked').count(), 2);
      assert.ok(await page.isDisabled('[data-pick=cs_test_2]'));
    });

  heldTest('are at most a hundred at once', Array.from({ length: 120 }, (_, i) => held(i)),
    async (page) => {
      await page.click('text=Choose 100 held since “odd”');
      assert.equal(await page.locator('.pick:checked').count(), 100);
      assert.match(await offered(page), /^100 orders chosen \(100 at most\), \$100\.00/);
      assert.ok(await page.isDisabled('[data-pick=cs_test_110]'));
    });

  heldTest('are decided after a question, and each one that was not is named', [held(1), held(2)],
    async (page) => {
      const asked = [];
      await page.route('**/api/ops/held/decide', (route) => {
        asked.push(route.request().postDataJSON());
        return route.fulfill({ json: { done: 1, refused: 1, results: [
          { id: 'cs_test_1', done: true, code: '', why: '' },
          { id: 'cs_test_2', done: false, code: 'changed', why: 'the order has changed' }] } });
      });
      await page.click('text=Choose 2 held since');
      await page.click('.together >> text=Refund…');
      await page.waitForSelector('dialog h2:text-is("Refund: 2 orders, $2.00")', patience);
      await page.waitForSelector(
        'dialog >> text=$2.00 goes back to the buyers. This cannot be undone.', patience);
      assert.deepEqual(asked, []);
      await page.click('#dialog-cancel');
      assert.deepEqual(asked, []);
      await page.click('.together >> text=Refund…');
      await page.fill('#note', 'cannot be made');
      await page.click('#dialog-ok');
      await page.waitForSelector('text=Refund: 1 order done, 1 not or not wholly:', patience);
      await page.waitForSelector('#main li:has-text("The order has changed.") a', patience);
      assert.deepEqual(asked, [{ action: 'refund', cause: 'odd', note: 'cannot be made',
        orders: [{ id: 'cs_test_1', version: 11 }, { id: 'cs_test_2', version: 12 }] }]);
      await page.waitForSelector('text=No order is held for a person.', patience);
    });

  heldTest('that cannot be read, or permit nothing, cannot be chosen',
    [held(1, { heldActions: [] }), { id: 'cs_test_2', heldSince: '2026-01-01T00:00:00Z',
      problem: 'no number' }], async (page) => {
      assert.equal(await page.locator('.pick').count(), 0);
      assert.equal(await offered(page), '');
    });
});
