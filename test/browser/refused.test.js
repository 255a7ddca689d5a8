// What the provider refused for its content, as its buyer reads it: refused, and not "failed"; with
// the money, in every language, also beside a video that was made, and on a phone.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { fal } = require('../blackbox/support/fal.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, sees } = require('./support/browser.js');
const { languages, phone, states, textOf, visit } = require('./support/buyer.js');

const refusal = 'The service refused it by its content rules. Another prompt may be accepted.';

describe('a refused prompt', () => {
  let shop;
  let browser;
  before(async () => {
    shop = await Shop.open({ config: fal, settings: { SUPERDUPERAI_TOKEN: '' } });
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  async function refused(quantity, lost) {
    const match = 'POST /fal/*';
    await shop.sandbox.faults({ match, times: lost, action: { task: 'refused' } });
    const id = await shop.paidOrder({ quantity });
    await shop.statusWhen(id, (seen) => seen.refund?.status === 'refunded' &&
      seen.status === (quantity > lost ? 'completed' : 'error'));
    await shop.sandbox.clearFaults();
    return id;
  }

  test('is told as refused, with the money, in every language', () =>
    browser.with({}, async (page) => {
      const id = await refused(1, 1);
      await visit(page, shop, id);
      await sees(page, 'Your video could not be made');
      const english = await textOf(page);
      assert.ok(english.includes(`${refusal} $1.00 went back to you.`), english);
      assert.doesNotMatch(english, /technical|error|failed/i);
      const told = new Set();
      for (const language of languages) {
        await visit(page, shop, id, language);
        await page.waitForSelector('claimcheck-status .order[data-tone=bad]');
        told.add(await page.locator('claimcheck-status .detail').innerText());
      }
      assert.equal(told.size, languages.length);
      await assertClean(page);
    }));

  test('beside a video that was made it stands on its own card, also on a phone', () =>
    browser.with(phone, async (page) => {
      const id = await refused(2, 1);
      await visit(page, shop, id);
      await sees(page, 'Not every video could be made');
      await page.waitForSelector(`text=${refusal}`);
      assert.deepEqual((await states(page)).sort(), ['done', 'lost']);
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      assert.ok(wide <= phone.viewport.width, `${wide}`);
      await assertClean(page);
    }));
});
