// The operator's lists on a phone, measured in a real Chromium: nothing is written over anything
// else, whatever the age of an order. And what a person meets who has not signed in yet.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { patience } = require('./support/browser.js');
const { answers, openShop, order, part, refundedLists, signInAt } =
  require('./support/operator.js');

const long = `cs_test_${'W'.repeat(58)}`;
const aged = (id, seconds) => ({ ...order(1), id,
  created: new Date(Date.now() - seconds * 1000).toISOString() });

// Runs inside the page: the cells' contents of each row that are printed over another's.
function overlaps() {
  const air = 5;  // links are taller than their words, so that a finger hits them
  const rows = [...document.querySelectorAll('#main tbody tr')];
  return rows.flatMap((row) => {
    const parts = [...row.querySelectorAll('td > *')].filter((one) => one.offsetWidth > 0);
    const boxes = parts.map((one) => [one, one.getBoundingClientRect()]);
    return boxes.flatMap(([one, a], i) => boxes.slice(i + 1)
      .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 &&
        a.top < b.bottom - air && b.top < a.bottom - air)
      .map(([other]) => `${one.textContent} / ${other.textContent}`));
  });
}

describe('the operator\'s page on a phone', () => {
  const own = openShop();

  test('prints nothing over an age of minutes and seconds, hours or days', () =>
    own.browser.with({ viewport: { width: 390, height: 844 } }, async (page) => {
      await signInAt(page, own.shop, '#/orders/all', 'text=No orders yet.');
      await answers(page, refundedLists, part([aged(long, 147), aged(`${long}2`, 599),
        aged(`${long}3`, 86000)], null));
      await page.evaluate(() => { location.hash = '#/orders/refunded'; });
      await page.waitForSelector('#main time:text-matches("^2 min \\\\d+ s ago$")', patience);
      assert.deepEqual(await page.evaluate(overlaps), []);
      assert.ok(await page.evaluate(() => document.body.scrollWidth <= innerWidth));
    }));

  test('has no error on its console before and after somebody signs in', () =>
    own.browser.with({}, async (page) => {
      await page.goto(`${own.shop.server.url}/ops#/notifications/dead`);
      await page.waitForSelector('#token:focus', patience);
      await signInAt(page, own.shop, '#/notifications/dead', 'text=Off: no notification');
      await page.waitForSelector('#mode.test', patience);
      assert.deepEqual(page.errors, []);
    }));

  test('tells the time at the right edge of a chart whole', () =>
    own.browser.with({}, async (page) => {
      await page.addInitScript(() => {
        globalThis.written = [];
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, ...more) {
          const half = this.textAlign === 'center' ? this.measureText(text).width / 2 : 0;
          const at = this.getTransform().e + x;
          globalThis.written.push({ text, over: at + half - this.canvas.width });
          return fillText.call(this, text, x, ...more);
        };
      });
      await page.clock.setFixedTime(new Date('2026-11-28T12:20:30'));
      await signInAt(page, own.shop, '#/', '.chart canvas');
      const cut = await page.evaluate(() =>
        globalThis.written.filter(({ text, over }) => /[AP]M/.test(text) && over > 0));
      assert.deepEqual(cut, []);
    }));
});
