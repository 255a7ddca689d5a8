// The charts of the operator's page on a phone: read by finger, nothing on top of something else.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, patience } = require('./support/browser.js');
const { signInAt } = require('./support/operator.js');

describe('the charts of the operator\'s page', () => {
  let shop;
  let browser;
  before(async () => {
    shop = await Shop.open();
    await shop.completed(await shop.paidOrder());
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const moments = (page) => page.locator('.chart:not([hidden]) .title span').allTextContents();

  test('tell of the moment a finger points at, all of the same one', () =>
    browser.with({ viewport: { width: 390, height: 844 }, hasTouch: true }, async (page) => {
      await signInAt(page, shop, '#/', '.chart canvas');
      assert.deepEqual([...new Set(await moments(page))].sort(),
        ['mean in 1 hour', 'total in 1 hour']);
      await page.waitForSelector('.chart .legend >> text=/^paid 1 \\(100 %\\)$/', patience);
      const area = page.locator('.chart .u-over').first();
      await area.scrollIntoViewIfNeeded();
      const { x, y, width, height } = await area.boundingBox();
      const finger = await page.context().newCDPSession(page);
      const seen = [];
      for (const [type, part] of [['touchStart', 0.3], ['touchMove', 0.6]]) {
        await finger.send('Input.dispatchTouchEvent', { type,
          touchPoints: [{ x: x + part * width, y: y + height / 2 }] });
        await page.waitForFunction((before) => {
          const shown = document.querySelectorAll('.chart:not([hidden]) .title span');
          const [first, ...others] = [...shown].map((one) => one.textContent);
          return /^\d+:\d\d/.test(first) && first !== before &&
            others.every((one) => one === first);
        }, seen.at(-1), patience);
        seen.push((await moments(page))[0]);
      }
    }));

  test('tell of a mouse\'s moment, and of all when it is gone', () =>
    browser.with({}, async (page) => {
      await signInAt(page, shop, '#/', '.chart canvas');
      await page.hover('.chart .u-over >> nth=0');
      assert.match((await moments(page))[0], /^\d+:\d\d/);
      await page.hover('h2 >> nth=0');
      assert.equal((await moments(page))[0], 'total in 1 hour');
    }));

  test('have their title, legend and picture below each other', () =>
    browser.with({ viewport: { width: 390, height: 844 } }, async (page) => {
      await signInAt(page, shop, '#/', '.chart canvas');
      const overlaps = await page.evaluate(() => [
        ...document.querySelectorAll('.chart:not([hidden])')].flatMap((chart) => {
          const parts = ['.title', '.legend', '.plot'].map((one) =>
            chart.querySelector(one).getBoundingClientRect());
          const inside = parts.every((one) => one.right <= chart.getBoundingClientRect().right);
          const apart = parts[0].bottom <= parts[1].top && parts[1].bottom <= parts[2].top;
          const drawn = chart.querySelector('.uplot').getBoundingClientRect();
          return inside && apart && drawn.bottom <= parts[2].bottom ? [] : [chart.textContent];
        }));
      assert.deepEqual(overlaps, []);
    }));
});
