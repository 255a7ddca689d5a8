// Where things stand on the buyer's page: inside their card and inside the window, at every width
// and in every language, and in the same place when the order changes.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser } = require('./support/browser.js');
const { fails, languages, phone, shifted, slowly, visit: open } = require('./support/buyer.js');

const config = `[tool.veo3-prompt-generator]
title = "Videos"
resolutions = ["1280x720", "720x1280"]
`;
const wide = { viewport: { width: 1280, height: 900 } };
const widths = [320, 390, 520, 640, 1280];
const shiftMax = { phone: 0.1, wide: 0.03 };  // 0.1 is good; what comes back takes its place
const past = '2026-01-01T00:00:00Z';

let shop;
let browser;
before(async () => {
  shop = await Shop.open({ config });
  browser = await Browser.open();
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

const visit = (page, id, locale) => open(page, shop, id, locale);
const box = (locator) => locator.evaluate((one) => one.getBoundingClientRect().toJSON());

async function readyOrder(fields) {
  const id = await shop.paidOrder(fields);
  await shop.completed(id);
  return id;
}

// Runs inside the page: what of a card lies outside of it, and how far the window would scroll.
function overruns() {
  const { shadowRoot } = document.querySelector('claimcheck-status');
  const found = [];
  for (const card of shadowRoot.querySelectorAll('.card')) {
    const outer = card.getBoundingClientRect();
    for (const part of card.querySelectorAll('.name, .state, .action')) {
      const { left, right, bottom } = part.getBoundingClientRect();
      const over = Math.max(outer.left - left, right - outer.right, bottom - outer.bottom);
      if (over > 0) found.push(`${part.className} by ${over}`);
    }
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`the page by ${scrollWidth - clientWidth}`);
  return found;
}

describe('videos in their cards', () => {
  for (const resolution of ['720x1280', '1280x720']) {
    test(`${resolution}: every button is there at every width, in every language`, () =>
      browser.with({}, async (page) => {
        await page.addInitScript(() => { navigator.share = () => Promise.resolve(); });
        for (const quantity of [1, 2, 3]) {
          const id = await readyOrder({ quantity, resolution });
          for (const language of languages) {
            await visit(page, id, language);
            await page.waitForSelector('claimcheck-status [part~=share]');
            for (const width of widths) {
              await page.setViewportSize({ width, height: 844 });
              assert.deepEqual(await page.evaluate(overruns), [],
                `${quantity} videos, ${language}, ${width} wide`);
            }
          }
        }
      }));
  }

  test('of three the last one is as wide as the two above it', () => browser.with(wide,
    async (page) => {
      const id = await readyOrder({ quantity: 3 });
      await visit(page, id);
      const cards = page.locator('claimcheck-status .card');
      await cards.nth(2).waitFor();
      const [first, second, last] = await Promise.all([0, 1, 2].map((n) => box(cards.nth(n))));
      assert.equal(first.top, second.top);
      assert.deepEqual([last.left, last.right], [first.left, second.right]);
    }));
});

describe('nothing moves', () => {
  for (const [name, size] of Object.entries({ phone, wide })) {
    for (const quantity of [1, 3]) {
      test(`${name}: when none of ${quantity} can be made`, () => browser.with(size,
        async (page) => {
          const id = await shop.order({ quantity });
          const jobs = await slowly(shop, id, quantity);
          await visit(page, id);
          await page.waitForSelector('claimcheck-status .card[data-state=making]');
          await shop.sandbox.faults(fails);
          for (const job of jobs) await shop.sandbox.finishGeneration(job, 'error');
          await page.waitForSelector('claimcheck-status [data-tone=bad]');
          await shop.sandbox.clearFaults();
          await page.waitForSelector('text=went back to you');
          assert.equal(await page.locator('.card[data-state=lost]').count(), quantity);
          const moved = await shifted(page);
          assert.ok(moved <= shiftMax[name], `${moved} ${await page.evaluate('shifts')}`);
        }));
    }
  }

  const made = { status: 'completed', url: 'https://v.example/1.mp4' };
  const lost = { status: 'error' };
  const refund = { status: 'pending', amount: 123456, currency: 'usd' };
  const stories = [
    { status: 'pending' },
    { status: 'pending', notice: 'payment_delayed' },
    { status: 'processing', expectedSeconds: 150, updatedAt: '2100-01-01T00:00:00Z' },
    { status: 'processing', updatedAt: past },
    { status: 'processing', notice: 'held', files: [made, lost] },
    { status: 'processing', notice: 'refund_under_way', files: [made, lost] },
    { status: 'processing', notice: 'refund_under_way', files: [made, lost], refund },
    { status: 'processing', notice: 'refund_under_way', files: [lost, lost], refund },
    { status: 'processing', notice: 'generator_away', waitsUntil: '2100-01-01T00:00:00Z',
      files: [made, lost] },
    { status: 'processing', notice: 'made_again', files: [made, lost] },
    { status: 'completed', files: [made, lost] },
    { status: 'error', notice: 'not_made', files: [lost, lost] },
    { status: 'completed', files: [made, made] },
  ];
  for (const language of languages) {
    test(`${language}: the head is as high whatever it says`, () => browser.with({},
      async (page) => {
        let story;
        await page.route(/\/events$/, (route) => route.fulfill({ status: 404 }));
        await page.route('**/api/webhook-status/cs_test_a', (route) =>
          route.fulfill({ json: { videoCount: 2, timestamp: past, ...story } }));
        const heads = {};
        for (const { viewport } of [phone, wide]) {
          await page.setViewportSize(viewport);
          for (story of stories) {
            await visit(page, 'cs_test_a', language);
            await page.waitForSelector('claimcheck-status .card');
            const { height } = await box(page.locator('claimcheck-status .head'));
            const says = await page.locator('claimcheck-status .head').innerText();
            (heads[`${viewport.width} wide, ${height} high`] ??= []).push(says);
          }
        }
        assert.equal(Object.keys(heads).length, 2, JSON.stringify(heads, null, 1));
      }));
  }
});

describe('the line about the lost connection', () => {
  test('is wholly in the window, wherever one has scrolled to', () => browser.with(phone,
    async (page, context) => {
      const id = await shop.order({ quantity: 3 });
      await visit(page, id);
      await page.waitForSelector('claimcheck-status .card');
      await context.setOffline(true);
      const line = page.locator('claimcheck-status [part=connection]');
      await line.waitFor();
      for (const top of [0, 200, 400]) {
        await page.evaluate((to) => scrollTo(0, to), top);
        const { top: from, bottom } = await box(line);
        assert.ok(from > 0 && bottom <= phone.viewport.height, `${from} to ${bottom} at ${top}`);
      }
    }));
});
