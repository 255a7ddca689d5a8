// The operator's page: a shop in which orders wait, are made, are done and need a person. The
// orders are real; only the charts' day is written (day.js).
'use strict';
const path = require('node:path');
const { secrets } = require('../../test/blackbox/support/claimcheck.js');
const { Shop } = require('../../test/blackbox/support/shop.js');
const { writeDay } = require('./day.js');

const desktop = { width: 1280, height: 1000, scale: 1 };
const phone = { width: 390, height: 844, scale: 1.5 };
const prompt = 'A paper boat sails through a rain gutter at dawn, macro lens, soft light';
const generate = 'POST /api/v1/file/generate-video';
const ends = (task, times = 0) => ({ match: generate, times, action: { task } });

const open = () => Shop.open({ settings: { CLAIMCHECK_REFUNDS: 'manual' } });

// The first of three failed and waits for a person's word, the others are delivered.
async function held(shop) {
  await shop.sandbox.faults(ends('error', 1));
  const id = await shop.paidOrder({ quantity: 3, prompt });
  await shop.statusWhen(id, (seen) => seen.files.filter((file) => file.url).length === 2);
  await shop.sandbox.clearFaults();
  return id;
}

async function busyShop(shop) {
  await writeDay(shop);
  for (const quantity of [1, 2, 1]) {
    await shop.completed(await shop.paidOrder({ quantity, prompt }));
  }
  const asked = await held(shop);
  await shop.sandbox.faults(ends('never'));
  for (const quantity of [2, 1, 1]) await shop.paidOrder({ quantity, prompt });
  for (const quantity of [1, 3, 1, 1]) await shop.order({ quantity, prompt });
  return asked;
}

async function take(browser, shop, file, [hash, sign, fullPage],
  { size = desktop, colorScheme = 'light' } = {}) {
  const page = await browser.newPage({ viewport: size, deviceScaleFactor: size.scale, colorScheme,
    reducedMotion: 'reduce', locale: 'en-US' });
  await page.goto(`${shop.server.url}/ops${hash}`);
  await page.evaluate(() => sessionStorage.setItem('range', 'day'));
  await page.fill('#token', secrets.CLAIMCHECK_ADMIN_TOKEN);
  await page.press('#token', 'Enter');
  await page.waitForSelector(sign);
  await page.evaluate(() => document.activeElement.blur());
  await page.screenshot({ path: file, fullPage: fullPage && size === desktop });
  await page.close();
}

async function forReadme(browser, shop, folder) {
  const asked = await busyShop(shop);
  const into = (name) => path.join(folder, `${name}.png`);
  const overview = ['#/', '.chart canvas', true];
  const order = [`#/order/${asked}`, '.timeline li', false];
  await take(browser, shop, into('operator-overview-light'), overview);
  await take(browser, shop, into('operator-overview-dark'), overview, { colorScheme: 'dark' });
  await take(browser, shop, into('operator-order-light'), order);
  await take(browser, shop, into('operator-order-phone-dark'), order,
    { size: phone, colorScheme: 'dark' });
}

module.exports = { forReadme, open };
