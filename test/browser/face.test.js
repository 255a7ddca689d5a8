// The shop's face, [shop] in the configuration file, on the pages that buyers and operators see.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, sees } = require('./support/browser.js');
const { fails, part, visit } = require('./support/buyer.js');
const { signInAt } = require('./support/operator.js');

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">' +
  '<circle cx="20" cy="20" r="18" fill="#0b7a4b"/></svg>';
const config = (logo) => `[shop]
name = "Cat & <Films>"
logo = "${logo}"
color = "#0b7a4b"
support = "help@shop.example"
terms = "https://shop.example/terms"
[shop.products]
price_single = "One cat video"
`;
const green = 'rgb(11, 122, 75)';

describe('the shop\'s face', () => {
  let shop;
  let browser;
  let folder;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-face-'));
    const logo = path.join(folder, 'logo.svg');
    fs.writeFileSync(logo, svg);
    shop = await Shop.open({ config: config(logo), settings: { CLAIMCHECK_REFUNDS: 'manual' } });
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
    if (folder) fs.rmSync(folder, { recursive: true });
  });
  async function held() {
    await shop.sandbox.faults({ ...fails, times: 1 });
    const id = await shop.paidOrder();
    await shop.statusWhen(id, (seen) => seen.notice === 'held');
    await shop.sandbox.clearFaults();
    return id;
  }

  test('logo, name, colour and links are on the page of an order', () =>
    browser.with({}, async (page) => {
      const id = await shop.paidOrder();
      await visit(page, shop, id);
      await sees(page, 'Your video is ready');
      assert.equal(await page.title(), 'Your video is ready · Cat & <Films>');
      assert.equal(await page.locator('p.shop').innerText(), 'Cat & <Films>');
      assert.ok(await page.locator('p.shop img').evaluate((img) =>
        img.complete && img.naturalWidth > 0), 'the logo is drawn');
      const color = await part(page, 'download').evaluate((one) =>
        getComputedStyle(one).backgroundColor);
      assert.equal(color, green);
      const links = page.locator('footer a');
      assert.deepEqual(await links.allInnerTexts(), ['Write to us', 'Terms']);
      assert.equal(await links.first().getAttribute('href'),
        `mailto:help@shop.example?subject=${id}`);
      await assertClean(page);
    }));

  test('the page says what was bought, in the shop\'s words, else in the tool\'s', () =>
    browser.with({}, async (page) => {
      const bought = async (id, locale) => {
        await visit(page, shop, id, locale);
        await part(page, 'facts').waitFor();
        return page.locator('claimcheck-status .facts .product').innerText();
      };
      assert.equal(await bought(await shop.order()), 'What you bought\nOne cat video');
      const three = await shop.order({ priceId: 'price_triple' });
      assert.equal(await bought(three, 'es'), 'Tu compra\nFree VEO3 Viral Prompt Generator');
      await assertClean(page);
    }));

  test('a held order offers to write, with its number as the subject, in its language', () =>
    browser.with({}, async (page) => {
      const id = await held();
      await visit(page, shop, id, 'es');
      await part(page, 'support').waitFor();
      assert.equal(await part(page, 'support').innerText(), 'Escríbenos');
      assert.equal(await part(page, 'support').getAttribute('href'),
        `mailto:help@shop.example?subject=${id}`);
      assert.deepEqual(await page.locator('footer a').allInnerTexts(),
        ['Escríbenos', 'Condiciones']);
      await assertClean(page);
    }));

  test('dark pages have a lighter shade, and the home page says whose orders are here', () =>
    browser.with({ colorScheme: 'dark' }, async (page) => {
      await page.goto(shop.server.url);
      await page.waitForFunction(() => document.title === 'Order page of Cat & <Films>');
      const accent = await page.evaluate(() =>
        getComputedStyle(document.documentElement).getPropertyValue('--accent').trim());
      assert.notEqual(accent, '#0b7a4b');
      assert.match(accent, /^#[0-9a-f]{6}$/);
      await assertClean(page);
    }));

  test('the operator sees which shop it is, and what was bought', () =>
    browser.with({}, async (page) => {
      const id = await held();
      await signInAt(page, shop, '', '.brand');
      await page.goto(`${shop.server.url}/ops#/order/${id}`);
      await page.waitForSelector('text=1 × One cat video');
      assert.equal(await page.locator('.brand span').innerText(), 'Cat & <Films>');
      assert.match(await page.title(), /Cat & <Films> operator$/);
      await assertClean(page, / 401 /);
    }));
});
