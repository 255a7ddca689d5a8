// An order that waits for a person, as its buyer sees it: nothing is lost yet, so nothing says so.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { secrets } = require('../blackbox/support/claimcheck.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, sees } = require('./support/browser.js');
const { fails, languages, states, textOf, visit } = require('./support/buyer.js');

describe('a held order', () => {
  let shop;
  let browser;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_REFUNDS: 'manual' } });
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  // A paid order of which `lost` videos could not be made.
  async function held(quantity, lost) {
    await shop.sandbox.faults({ ...fails, times: lost });
    const id = await shop.paidOrder({ quantity });
    await shop.statusWhen(id, (seen) => seen.notice === 'held' &&
      seen.files.filter((file) => file.url).length === quantity - lost);
    await shop.sandbox.clearFaults();
    return id;
  }
  const refund = (id) => shop.ask('POST', `/api/ops/sessions/${id}/actions`, {
    headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` },
    body: { action: 'refund' },
  });

  test('is being checked; it could not be made only when a person has said so', () =>
    browser.with({}, async (page) => {
      const id = await held(1, 1);
      await visit(page, shop, id);
      await sees(page, 'We are taking a closer look');
      assert.deepEqual(await states(page), ['checked']);
      const text = await textOf(page);
      assert.match(text, /Being checked/);
      assert.match(text, /your order, or your money back/);
      assert.doesNotMatch(text, /could not be made/i);
      assert.equal((await refund(id)).status, 200);
      await sees(page, 'Your video could not be made');
      assert.equal(await page.locator('claimcheck-status .card:visible').count(), 0);
      await assertClean(page);
    }));

  test('shows what is ready, and no red beside it, in every language', () =>
    browser.with({}, async (page) => {
      const id = await held(3, 1);
      for (const language of languages) {
        await visit(page, shop, id, language);
        await page.waitForSelector('claimcheck-status video >> nth=1');
        assert.deepEqual((await states(page)).sort(), ['checked', 'done', 'done']);
        const colors = await page.locator('claimcheck-status .state').evaluateAll((all) =>
          all.map((one) => getComputedStyle(one).color));
        assert.equal(new Set(colors).size, 1, `${language} ${colors}`);
      }
      await assertClean(page);
    }));
});
