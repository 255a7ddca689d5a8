// Where things stand on the buyer's page: inside their card and inside the window, at every width
// and in every language, and in the same place when the order changes.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser } = require('./support/browser.js');
const { fails, languages, phone, slowly, visit: open } = require('./support/buyer.js');

const config = `[tool.veo3-prompt-generator]
title = "Videos"
resolutions = ["1280x720", "720x1280"]
`;
const wide = { viewport: { width: 1280, height: 900 } };
const widths = [320, 390, 520, 640, 1280];
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

  test('all are of one size, and the last one of three stands in the middle', () =>
    browser.with(wide, async (page) => {
      const id = await readyOrder({ quantity: 3 });
      await visit(page, id);
      const cards = page.locator('claimcheck-status .card');
      await cards.nth(2).waitFor();
      const [first, second, last] = await Promise.all([0, 1, 2].map((n) => box(cards.nth(n))));
      assert.equal(first.top, second.top);
      for (const other of [second, last]) {
        assert.deepEqual([other.width, other.height], [first.width, first.height]);
      }
      assert.ok(Math.abs(last.left + last.right - first.left - second.right) < 1);
    }));
});

describe('nothing moves', () => {
  for (const [name, size] of Object.entries({ phone, wide })) {
    for (const quantity of [1, 3]) {
      test(`${name}: when none of ${quantity} can be made the head stays where it is`, () =>
        browser.with(size, async (page) => {
          const id = await shop.order({ quantity });
          const jobs = await slowly(shop, id, quantity);
          await visit(page, id);
          await page.waitForSelector('claimcheck-status .card[data-state=making]');
          const headline = page.locator('claimcheck-status .headline');
          const { top } = await box(headline);
          await shop.sandbox.faults(fails);
          for (const job of jobs) await shop.sandbox.finishGeneration(job, 'error');
          await page.waitForSelector('claimcheck-status [data-tone=bad]');
          await shop.sandbox.clearFaults();
          await page.waitForSelector('text=went back to you');
          assert.equal((await box(headline)).top, top);
          // The empty boxes are gone, and what is below has come up: once, and for good.
          assert.equal(await page.locator('claimcheck-status .card:visible').count(), 0);
        }));
    }
  }

  const made = { status: 'completed', url: 'https://v.example/1.mp4' };
  const lost = { status: 'error' };
  const refund = { status: 'pending', amount: 123456, currency: 'usd' };
  const usual = [
    { status: 'pending' },
    { status: 'pending', notice: 'payment_delayed' },
    { status: 'processing', expectedSeconds: 150, updatedAt: '2100-01-01T00:00:00Z' },
    { status: 'processing', updatedAt: past },
    { status: 'completed', files: [made, made] },
  ];
  const unusual = [
    { status: 'processing', notice: 'held', files: [made, lost] },
    { status: 'processing', notice: 'refund_under_way', files: [made, lost] },
    { status: 'processing', notice: 'refund_under_way', files: [made, lost], refund },
    { status: 'processing', notice: 'generator_away', waitsUntil: '2100-01-01T00:00:00Z',
      files: [made, lost] },
    { status: 'processing', notice: 'queued', queue: { place: 1234, aboutSeconds: 7200 },
      files: [made, lost] },
    { status: 'processing', notice: 'made_again', files: [made, lost] },
    { status: 'completed', files: [made, lost] },
  ];
  const lineMax = 36;  // of a headline, in pixels
  for (const language of languages) {
    test(`${language}: the head is as high whatever usual thing it says`, () => browser.with({},
      async (page) => {
        let story;
        await page.route(/\/events$/, (route) => route.fulfill({ status: 404 }));
        await page.route('**/api/webhook-status/cs_test_a', (route) =>
          route.fulfill({ json: { videoCount: 2, timestamp: past, ...story } }));
        const headOf = async (one) => {
          story = one;
          await visit(page, 'cs_test_a', language);
          await page.waitForSelector('claimcheck-status .card');
          return (await box(page.locator('claimcheck-status .head'))).height;
        };
        for (const { viewport } of [phone, wide]) {
          await page.setViewportSize(viewport);
          const height = await headOf(usual[0]);
          for (const one of usual) assert.equal(await headOf(one), height, JSON.stringify(one));
          for (const one of unusual) {
            const more = await headOf(one) - height;
            const most = viewport.width < 500 ? lineMax : 0;
            assert.ok(more >= 0 && more <= most, `${more} more: ${JSON.stringify(one)}`);
          }
        }
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
        await line.waitFor();
        const { top: from, bottom } = await box(line);
        assert.ok(from > 0 && bottom <= phone.viewport.height, `${from} to ${bottom} at ${top}`);
      }
    }));
});
