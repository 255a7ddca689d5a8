// A buyer whose prompt was refused writes another one on the order's page, in every language and on
// a phone; what was written stays until the server takes it.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { fal } = require('../blackbox/support/fal.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, sees } = require('./support/browser.js');
const { languages, phone, visit } = require('./support/buyer.js');

describe('another prompt', () => {
  let shop;
  let browser;
  before(async () => {
    shop = await Shop.open({ config: fal,
      settings: { SUPERDUPERAI_TOKEN: '', CLAIMCHECK_PROMPT_EDITS: '1' } });
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  async function refused(fields = {}) {
    await shop.sandbox.faults({ match: 'POST /fal/*', times: 1, action: { task: 'refused' } });
    const id = await shop.paidOrder({ prompt: 'A cat at dawn', ...fields });
    await shop.statusWhen(id, (seen) => seen.notice === 'prompt_refused');
    return id;
  }
  const part = (page, name) => page.locator(`claimcheck-status [part=${name}]`);

  test('is written into the field that has the refused one, and becomes the video', () =>
    browser.with({}, async (page) => {
      const id = await refused();
      await visit(page, shop, id);
      await sees(page, 'The service refused your prompt');
      assert.equal(await part(page, 'prompt-field').inputValue(), 'A cat at dawn');
      await part(page, 'prompt-send').click();
      await page.waitForSelector('text=This is the prompt that was refused. Change it.');
      await part(page, 'prompt-field').fill('  ');
      await part(page, 'prompt-send').click();
      await page.waitForSelector('text=Write a prompt first.');
      await part(page, 'prompt-field').fill('A dog at dawn');
      await part(page, 'prompt-send').click();
      await sees(page, 'Your video is ready');
      assert.equal(await part(page, 'prompt-edit').isVisible(), false);
      await page.waitForSelector('text=A dog at dawn');
      await assertClean(page, /status of (400|409)/);
    }));

  test('or the money is taken, which is asked twice', () =>
    browser.with({}, async (page) => {
      const id = await refused();
      await visit(page, shop, id);
      await part(page, 'prompt-refund').click();
      await page.waitForSelector('text=Yes, refund it');
      assert.equal((await shop.status(id)).notice, 'prompt_refused');
      await part(page, 'prompt-refund').click();
      await sees(page, 'Your video could not be made');
      assert.equal((await shop.statusWhen(id, (seen) => seen.refund)).notice !== 'prompt_refused',
        true);
      await assertClean(page);
    }));

  test('what somebody writes stays while the page follows the order', () =>
    browser.with({}, async (page) => {
      const id = await refused();
      await visit(page, shop, id);
      await part(page, 'prompt-field').fill('Half a sent');
      const asked = page.waitForResponse(/webhook-status\/cs_test_[^/]*$/);
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await asked;
      assert.equal(await part(page, 'prompt-field').inputValue(), 'Half a sent');
      // Another tab was faster: the page shows what is so now.
      await shop.ask('POST', `/api/prompt/${id}`, { body: { prompt: 'The other tab' } });
      await sees(page, 'Your video is ready');
      await assertClean(page);
    }));

  test('is there in every language, also on a phone', () =>
    browser.with(phone, async (page) => {
      const id = await refused();
      const told = new Set();
      for (const language of languages) {
        await visit(page, shop, id, language);
        await part(page, 'prompt-send').waitFor();
        told.add(await part(page, 'prompt-edit').innerText());
        const { width } = page.viewportSize();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${language}: ${wide} px on ${width}`);
      }
      assert.equal(told.size, languages.length);
      await assertClean(page);
    }));
});
