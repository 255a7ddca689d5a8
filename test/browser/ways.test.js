// No dead end for a buyer: back to the payment, order again with the same prompt, back to the shop;
// the language of the checkout; the number, the price and the receipt of an order.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord } = require('../blackbox/support/claimcheck.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, sees } = require('./support/browser.js');
const { fails, part, phone, visit: open } = require('./support/buyer.js');

const prompt = `A ${privateWord} at dawn 🎬 «мост»`;
let shop;
let browser;
before(async () => {
  shop = await Shop.open({ sandbox: ['--generate-ms', '300', '--pay-later-ms', '20000'] });
  await shop.server.stop();
  const { url } = shop.sandbox;
  await shop.start({ CLAIMCHECK_CORS_ORIGINS: url, CLAIMCHECK_CANCEL_URL: `${url}/shop` });
  await shop.sandbox.shopApi(shop.server.url);
  browser = await Browser.open();
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

const visit = (page, id, locale) => open(page, shop, id, locale);
const promptOf = (page) => page.locator('textarea[name=prompt]').inputValue();
async function filled(page) {
  await page.waitForFunction(() => document.querySelector('textarea').value !== '');
  return promptOf(page);
}

describe('the way on', () => {
  test('from a checkout that was left to its payment page, and on to the video', () =>
    browser.with({}, async (page) => {
      const id = await shop.order({ prompt });
      await visit(page, id);
      await sees(page, 'Confirming your payment');
      const asked = (await shop.requests('GET', '/v1/checkout/sessions')).length;
      await part(page, 'pay').click();
      await page.waitForURL(`**/c/pay/${id}`);
      assert.ok((await shop.requests('GET', '/v1/checkout/sessions')).length > asked);
      await page.click('button[value=pay]');
      await sees(page, 'Your video is ready');
      assert.equal(await part(page, 'pay').count(), 0);
      await assertClean(page);
    }));

  test('from a failed payment to the shop, with the prompt', () =>
    browser.with({}, async (page) => {
      const id = await shop.order({ prompt });
      await shop.sandbox.pay(id, 'later_fail');
      await shop.statusWhen(id, (seen) => seen.notice === 'payment_delayed');
      await shop.sandbox.advance(20);
      await visit(page, id);
      await sees(page, 'The payment did not go through');
      await part(page, 'order-again').click();
      await page.waitForURL(`**/shop?again=${id}`);
      assert.equal(await filled(page), prompt);
    }));

  test('from the payment page back to the shop: the form is as it was', () =>
    browser.with({}, async (page) => {
      await page.goto(`${shop.sandbox.url}/shop`);
      await page.fill('textarea[name=prompt]', prompt);
      await page.fill('input[name=quantity]', '3');
      await page.click('button:text-is("Buy for $3.00")');
      await page.waitForURL('**/c/pay/cs_test_*');
      await page.click('button[value=cancel]');
      await page.waitForURL('**/shop');
      assert.equal(await filled(page), prompt);
    }));

  test('from an expired checkout to a new one, where Stripe offers it', () =>
    browser.with({}, async (page) => {
      await page.route('**/api/webhook-status/cs_test_a', (route) => route.fulfill({ json: {
        status: 'error', notice: 'expired', recoveryUrl: 'https://buy.example/r/1' } }));
      await visit(page, 'cs_test_a');
      await sees(page, 'This checkout has expired');
      assert.equal(await part(page, 'pay').getAttribute('href'), 'https://buy.example/r/1');
      assert.match(await part(page, 'pay').getAttribute('class'), /main/);
      assert.equal(await part(page, 'order-again').getAttribute('href'),
        `${shop.sandbox.url}/shop?again=cs_test_a`);
    }));

  test('an order that continues an expired checkout says so', () =>
    browser.with({ locale: 'es-ES' }, async (page) => {
      await page.route('**/api/webhook-status/cs_test_a', (route) => route.fulfill({ json: {
        status: 'processing', prompt, continues: 'cs_test_old', videoCount: 1 } }));
      await visit(page, 'cs_test_a');
      await part(page, 'facts').waitFor();
      const row = page.locator('claimcheck-status .facts .continued');
      assert.match(await row.textContent(), /De tu compra anterior/);
    }));

  test('without a shop nothing is said of the product', () => browser.with({}, async (page) => {
    await page.route('**/api/webhook-status/cs_test_a', (route) => route.fulfill({ json: {
      status: 'processing', prompt, priceId: 'price_1', toolTitle: 'Videos', videoCount: 1 } }));
    await visit(page, 'cs_test_a');
    await page.locator('claimcheck-status .facts .prompt').waitFor();
    assert.equal(await page.locator('claimcheck-status .facts .product').count(), 0);
  }));

  test('an odd address for that is no link', () => browser.with({}, async (page) => {
    await page.route('**/api/webhook-status/cs_test_a', (route) => route.fulfill({ json: {
      status: 'error', notice: 'expired', recoveryUrl: 'javascript:alert(1)' } }));
    await visit(page, 'cs_test_a');
    await part(page, 'order-again').waitFor();
    assert.equal(await part(page, 'pay').count(), 0);
  }));

  test('from an order that is ready back to the shop', () => browser.with({}, async (page) => {
    const id = await shop.paidOrder();
    await shop.completed(id);
    await visit(page, id);
    await sees(page, 'Your video is ready');
    assert.equal(await part(page, 'shop').getAttribute('href'), `${shop.sandbox.url}/shop`);
  }));

  test('from a wrong address, and from a checkout that was left', () =>
    browser.with({ locale: 'ru-RU' }, async (page) => {
      for (const [route, title] of [['/nowhere', 'По этому адресу ничего нет'],
        ['/left', 'Вы вышли со страницы оплаты']]) {
        await page.goto(shop.server.url + route);
        await page.waitForSelector(`h1:text-is("${title}")`);
        assert.equal(await page.title(), title);
        assert.equal(await page.locator('.way a').getAttribute('href'),
          `${shop.sandbox.url}/shop`);
      }
      await assertClean(page, /\/nowhere$/);
    }));
});

describe('what is said', () => {
  test('of a failed order: the money below the headline, no frame, no word of downloads', () =>
    browser.with({}, async (page) => {
      await shop.sandbox.faults({ ...fails, times: 1 });
      const id = await shop.paidOrder({ prompt });
      await shop.statusWhen(id, (seen) => seen.refund?.status === 'refunded');
      await shop.sandbox.clearFaults();
      await visit(page, id);
      await sees(page, 'Your video could not be made');
      assert.match(await part(page, 'detail').textContent(), /^\$1\.00 went back to you\./);
      assert.equal(await page.locator('claimcheck-status .card:visible').count(), 0);
      assert.equal(await part(page, 'refund').isVisible(), false);
      assert.doesNotMatch(await page.locator('main').innerText(), /download/);
    }));

  test('of a ready order: price, receipt, number; the number is copied whole', () =>
    browser.with({ permissions: ['clipboard-read', 'clipboard-write'], ...phone },
      async (page) => {
        const id = await shop.paidOrder({ quantity: 2 });
        await shop.completed(id);
        await visit(page, id);
        await page.waitForSelector('text=$2.00');
        await page.waitForSelector('text=To keep your videos for good, download them.');
        assert.equal(await part(page, 'receipt').getAttribute('href'),
          `${shop.server.url}/receipt/${id}`);
        const number = page.locator('claimcheck-status .number span');
        assert.equal(await number.textContent(), `${id.slice(0, 12)}…${id.slice(-6)}`);
        const { height } = await number.boundingBox();
        assert.ok(height < 30, `one line, ${height} px`);
        await part(page, 'copy-number').click();
        await page.waitForFunction(() => document.querySelector('claimcheck-status').shadowRoot
          .querySelector('[role=status]').textContent === 'Order number copied');
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), id);
      }));

  test('without a clipboard the whole number is there to be copied', () =>
    browser.with({}, async (page) => {
      await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', {}));
      const id = await shop.order();
      await visit(page, id);
      await part(page, 'copy-number').click();
      await page.waitForSelector(`text=${id}`);
    }));

  test('in the language of the checkout; the address and the shop\'s page stand over it', () =>
    browser.with({ locale: 'tr-TR' }, async (page) => {
      const id = await shop.order({ locale: 'es-MX' });
      await visit(page, id);
      await sees(page, 'Confirmando tu pago');
      await page.waitForSelector('h1:text-is("Tu pedido")');
      assert.equal(await page.getAttribute('html', 'lang'), 'es');
      await visit(page, id, 'ru');
      await sees(page, 'Подтверждаем вашу оплату');
      await page.goto(`${shop.sandbox.url}/shop/thanks?session=${id}`);  // an English page
      await sees(page, 'Confirming your payment');
      const plain = await shop.order();
      await visit(page, plain);
      await sees(page, 'Ödemeniz onaylanıyor');
      await assertClean(page);
    }));

  test('a narrow card has no button with a picture alone on its row', () =>
    browser.with({ viewport: { width: 820, height: 800 } }, async (page) => {
      const id = await shop.paidOrder({ quantity: 2 });
      await shop.completed(id);
      await page.goto(`${shop.sandbox.url}/shop/thanks?session=${id}`);
      const copy = part(page, 'copy').first();
      await copy.waitFor();
      const [{ y: above }, { y, width }] =
        [await part(page, 'download').first().boundingBox(), await copy.boundingBox()];
      assert.ok(y === above && width < 60, `${width} wide`);
    }));

  test('of an order that is not found: no empty space at the foot of the card', () =>
    browser.with({}, async (page) => {
      await visit(page, 'cs_test_nobodyKnowsMe');
      await sees(page, 'We do not see this order yet');
      const card = await page.locator('main').boundingBox();
      const facts = await part(page, 'facts').boundingBox();
      assert.ok(card.y + card.height - facts.y - facts.height < 60);
    }));
});
