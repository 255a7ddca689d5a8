// The buyer's page in its states, each an order that really came there.
'use strict';
const path = require('node:path');
const kinds = require('../../test/blackbox/support/kinds.js');
const { Shop } = require('../../test/blackbox/support/shop.js');

const desktop = { width: 820, height: 900, scale: 1.25 };
const phone = { width: 390, height: 844, scale: 2 };
const controlsMs = 1500;  // Chromium's player ends its own animation first
const prompt = 'A paper boat sails through a rain gutter at dawn, macro lens, soft light';
const generate = 'POST /api/v1/file/generate-video';
const never = { match: generate, times: 0, action: { task: 'never' } };
const broken = { match: generate, times: 0, action: { task: 'error' } };

async function ready(shop, quantity, fields = {}) {
  const id = await shop.paidOrder({ quantity, prompt, ...fields });
  await shop.completed(id);
  return id;
}

// One of three is ready, the others are being made for as long as it takes to look.
async function working(shop) {
  await shop.sandbox.faults(never);
  const id = await shop.paidOrder({ quantity: 3, prompt });
  const running = (seen) => seen.files.filter((file) => file.fileId).length === 3;
  const { files } = await shop.statusWhen(id, running);
  await shop.sandbox.clearFaults();
  await shop.sandbox.finishGeneration(files[0].fileId, 'completed');
  await shop.statusWhen(id, (seen) => seen.files[0].url);
  return id;
}

async function delayed(shop) {
  const id = await shop.order({ quantity: 2, prompt });
  await shop.sandbox.pay(id, 'later');
  await shop.statusWhen(id, (seen) => seen.notice === 'payment_delayed');
  return id;
}

async function refunded(shop, quantity, rules) {
  await shop.sandbox.faults(...rules);
  const id = await shop.paidOrder({ quantity, prompt });
  await shop.statusWhen(id, (seen) => seen.refund?.status === 'refunded');
  await shop.sandbox.clearFaults();
  return id;
}

async function expired(shop) {
  const id = await shop.order({ prompt });
  await shop.sandbox.advance(24 * 3600 + 1);
  await shop.statusWhen(id, (seen) => seen.status === 'error');
  return id;
}

async function take(browser, shop, file, id, { size = desktop, colorScheme = 'light',
  locale = 'en' } = {}) {
  const page = await browser.newPage({ viewport: size, deviceScaleFactor: size.scale, colorScheme,
    reducedMotion: 'reduce' });
  await page.goto(`${shop.server.url}/${locale}/payment-success/${id}`);
  await page.waitForSelector('claimcheck-status .headline');
  await page.waitForSelector('claimcheck-status .facts :first-child');
  await page.waitForFunction(() => [...document.querySelector('claimcheck-status').shadowRoot
    .querySelectorAll('video, audio, img')].every((one) => (one.localName === 'img'
      ? one.naturalWidth > 0 : one.readyState >= one.HAVE_CURRENT_DATA)));
  if (await page.$('video, audio')) await page.waitForTimeout(controlsMs);
  await page.screenshot({ path: file, fullPage: size === desktop });
  await page.close();
}

async function forReadme(browser, shop, folder) {
  const done = await ready(shop, 2);
  const busy = await working(shop);
  const into = (name) => path.join(folder, `${name}.png`);
  await take(browser, shop, into('buyer-ready-light'), done);
  await take(browser, shop, into('buyer-ready-dark'), done, { colorScheme: 'dark' });
  await take(browser, shop, into('buyer-working-phone-light'), busy, { size: phone });
  await take(browser, shop, into('buyer-working-phone-dark'), busy,
    { size: phone, colorScheme: 'dark' });
  const image = await ready(shop, 1, { priceId: kinds.prices.image });
  const audio = await ready(shop, 2, { priceId: kinds.prices.audio });
  await take(browser, shop, into('buyer-image-light'), image);
  await take(browser, shop, into('buyer-audio-phone-dark'), audio,
    { size: phone, colorScheme: 'dark' });
  return { done, busy, image, audio };
}

// Every other state, in every look.
async function everything(browser, shop, into, known) {
  const states = {
    busy: () => known.busy,
    one: () => ready(shop, 1),
    image: () => known.image,
    images: () => ready(shop, 3, { priceId: kinds.prices.image, resolution: '720x1280' }),
    audio: () => known.audio,
    delayed: () => delayed(shop),
    partly: () => refunded(shop, 3, [{ match: generate, action: { task: 'error' } }]),
    refunded: () => refunded(shop, 1, [broken]),
    unpaid: () => shop.order({ prompt, quantity: 2 }),
    unknown: () => 'cs_test_nobodyKnowsMe',
    malformed: () => 'cs_tes',
    expired: () => expired(shop),  // last: it moves the clock
  };
  for (const [name, make] of Object.entries(states)) {
    const id = await make();
    for (const [look, size] of Object.entries({ desktop, phone })) {
      for (const colorScheme of ['light', 'dark']) {
        const file = path.join(into, `${name}-${look}-${colorScheme}.png`);
        await take(browser, shop, file, id, { size, colorScheme });
      }
    }
  }
  for (const locale of ['ru', 'tr', 'es', 'hi']) {
    const file = path.join(into, `working-phone-${locale}.png`);
    await take(browser, shop, file, known.busy, { size: phone, locale });
  }
}

const open = () => Shop.open({
  sandbox: [...kinds.options.sandbox, '--pay-later-ms', '999999999'],
  settings: { ...kinds.options.settings, CLAIMCHECK_CANCEL_URL: 'https://shop.example/' },
  config: kinds.config,
});

module.exports = { everything, forReadme, open };
