// The buyer's page through everything that can become of an order: delayed, refunded, expired,
// unknown; in every language; by keyboard and for screen readers; without anything that moves.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord } = require('../blackbox/support/claimcheck.js');
const { eventually } = require('../blackbox/support/sandbox.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, headline, sees } = require('./support/browser.js');
const { fails, languages, part, phone, shifted, slowly, states, textOf, visit: open } =
  require('./support/buyer.js');

const scriptBytesMax = 40 * 1024;
const shiftMax = 0.03;  // of what counts as good (0.1), less than a third
const narrow = { viewport: { width: 320, height: 640 } };

let shop;
let browser;
before(async () => {
  shop = await Shop.open({
    sandbox: ['--generate-ms', '300', '--pay-later-ms', '20000'],
    settings: { CLAIMCHECK_CANCEL_URL: 'https://shop.example/cats' },
  });
  browser = await Browser.open();
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

const visit = (page, id, locale) => open(page, shop, id, locale);

// The shop is shared by all orders here, and so is the list of its refunds.
async function refundOf(id) {
  const { refunds } = await shop.sandbox.ledger('refunds');
  return refunds.find(({ metadata }) => metadata.claimcheck.startsWith(`${id}/`));
}

// Runs inside the page: how much each text stands out from what is behind it, as WCAG counts.
function contrasts() {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const light = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) => 0.2126 * light(red / 255) +
    0.7152 * light(green / 255) + 0.0722 * light(blue / 255);
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    if (numbers(color)[3] !== 0) return numbers(color);
    return behind(element.parentElement ?? element.getRootNode().host);
  };
  const { shadowRoot } = document.querySelector('claimcheck-status');
  return [...document.querySelectorAll('h1, .note'), ...shadowRoot.querySelectorAll(
    '.headline, .detail, .progress, .name, .state, .action, dt, dd, .refund, .by-ai')]
    .filter((element) => element.checkVisibility()).map((element) => {
      const [one, other] = [numbers(getComputedStyle(element).color), behind(element)]
        .map(luminance).sort((a, b) => b - a);
      return [element.className || element.tagName, (one + 0.05) / (other + 0.05)];
    });
}

describe('what becomes of an order', () => {
  test('each video for itself: being made, could not be made, ready', () =>
    browser.with({}, async (page) => {
      const id = await shop.order({ quantity: 3 });
      const jobs = await slowly(shop, id, 3);
      await visit(page, id);
      await sees(page, 'Your videos are being made');
      await page.waitForSelector('text=0 of 3 ready');
      await shop.sandbox.finishGeneration(jobs[1], 'completed');
      await page.waitForSelector('text=1 of 3 ready');
      assert.deepEqual(await states(page), ['making', 'done', 'making']);
      await shop.sandbox.finishGeneration(jobs[0], 'error');
      await sees(page, 'Not every video could be made');
      await page.waitForSelector('text=$1.00 for what could not be made comes back by itself.');
      await shop.sandbox.finishGeneration(jobs[2], 'completed');
      await page.waitForSelector('text=2 of 3 ready');
      assert.deepEqual(await states(page), ['lost', 'done', 'done']);
      await page.waitForSelector('text=$1.00 went back to you');
      await assertClean(page);
    }));

  test('a bank debit on its way, then nothing can be made, a refund, all of it', () =>
    browser.with({}, async (page) => {
      const id = await shop.order();
      await visit(page, id);
      await sees(page, 'Confirming your payment');
      assert.equal(await part(page, 'shop').getAttribute('class'), 'action');  // not to pay twice
      await shop.sandbox.pay(id, 'later');
      await sees(page, 'Your payment is on its way');
      await page.waitForSelector('text=Starts after payment');
      await shop.sandbox.faults(fails);
      await shop.sandbox.advance(20);
      await sees(page, 'Your video could not be made');
      await page.waitForSelector('text=$1.00 is on its way back to you');
      await shop.sandbox.clearFaults();
      // The page says so as soon as it is decided; Stripe has the refund a moment later.
      const refund = await eventually(() => refundOf(id));
      await shop.sandbox.endRefund(refund.id, 'succeeded');
      await page.waitForSelector('text=$1.00 went back to you');
      const again = page.locator('claimcheck-status a:has-text("Order again")');
      assert.equal(await again.getAttribute('href'), `https://shop.example/cats?again=${id}`);
      assert.equal(await again.getAttribute('class'), 'action main');
      await assertClean(page);
    }));

  test('a bank debit that fails: nothing was charged, and a way back', () =>
    browser.with({}, async (page) => {
      const id = await shop.order();
      await shop.sandbox.pay(id, 'later_fail');
      await visit(page, id);
      await sees(page, 'Your payment is on its way');
      await shop.sandbox.advance(20);
      await sees(page, 'The payment did not go through');
      await page.waitForSelector('text=Order again');
    }));

  test('no such order: it is looked for again, and found when it comes', () =>
    browser.with({}, async (page) => {
      const id = await shop.order();
      let hidden = true;
      await page.route(`**/api/webhook-status/${id}`, (route) =>
        (hidden ? route.fulfill({ status: 404, json: { status: 'error' } }) : route.continue()));
      await visit(page, id);
      await sees(page, 'We do not see this order yet');
      await page.waitForSelector(`claimcheck-status [title=${id}]`);
      hidden = false;
      await sees(page, 'Confirming your payment');
    }));

  test('no such order for a minute, for ten: what to do, and a button to look again', () =>
    browser.with({}, async (page) => {
      await page.clock.install();
      await visit(page, 'cs_test_nobodyKnowsMe');
      await sees(page, 'We do not see this order yet');
      assert.equal(await part(page, 'again').count(), 0);
      await page.clock.fastForward('01:10');
      await part(page, 'again').waitFor();
      await part(page, 'shop').waitFor();
      await sees(page, 'We do not see this order yet');
      await page.clock.fastForward('10:00');  // as a laptop sleeps: no answer is overtaken
      await sees(page, 'We cannot find this order');
      await page.click('text=Look again');
      await sees(page, 'We do not see this order yet');
      await assertClean(page, /\/api\/webhook-status\/cs_test_nobodyKnowsMe$/);
    }));

  test('an order that cannot be read: whom to ask, and no more questions', () =>
    browser.with({}, async (page) => {
      const id = 'cs_test_ofAnotherLayout';
      await shop.redis('SET', `session:${id}`, '{"fileId":"f","timestamp":"2025-07-21"}');
      await visit(page, id);
      await sees(page, 'We cannot show this order');
      await page.waitForSelector(`claimcheck-status [title=${id}]`);
      await part(page, 'again').waitFor();
      await assertClean(page, new RegExp(`/api/webhook-status/${id}$`));
    }));

  test('no order at all at such an address', () => browser.with({}, async (page) => {
    await visit(page, 'cs_tes');
    await sees(page, 'This address is not complete');
    await page.waitForSelector('text=Back to the shop');
    await assertClean(page, /\/payment-success\/cs_tes$/, /\/api\/webhook-status\/cs_tes$/);
  }));

  test('a video that does not load here has words and its link', () =>
    browser.with({}, async (page) => {
      const id = await shop.paidOrder();
      const { files: [{ url }] } = await shop.completed(id);
      await page.route(url, (route) => route.abort());
      await visit(page, id);
      await page.waitForSelector('text=The video does not play here.');
      const link = page.locator('claimcheck-status a:has-text("Open the video")');
      assert.equal(await link.getAttribute('href'), url);
    }));

  test('what comes from others is text, and an odd address is no link', () =>
    browser.with({}, async (page) => {
      const id = await shop.paidOrder({ prompt: `<img src=x onerror="alert(1)"> ${privateWord}` });
      await shop.completed(id);
      await page.route(`**/api/webhook-status/${id}`, async (route) => {
        const order = await (await route.fetch()).json();
        const files = [{ ...order.files[0], url: 'javascript:alert(1)' }];
        await route.fulfill({ json: { ...order, files } });
      });
      await visit(page, id);
      await sees(page, 'Your video is ready');
      await page.waitForSelector('text=<img src=x onerror=');
      assert.equal(await page.locator('claimcheck-status img, claimcheck-status video').count(), 0);
      await assertClean(page);
    }));
});

describe('the page itself', () => {
  for (const language of languages) {
    test(`${language}: by its address, small enough, and nothing moves`, () =>
      browser.with(phone, async (page) => {
        let bytes = 0;
        page.on('response', async (answer) => {
          if (answer.request().resourceType() !== 'script') return;
          bytes += (await answer.body()).length;
        });
        const id = await shop.order({ quantity: 2 });
        await visit(page, id, language);
        await page.waitForSelector('claimcheck-status [data-tone=wait]');
        assert.equal(await page.getAttribute('html', 'lang'), language);
        const jobs = await slowly(shop, id, 2);
        await page.waitForSelector('claimcheck-status .card[data-state=making] >> nth=1');
        for (const job of jobs) await shop.sandbox.finishGeneration(job, 'completed');
        await page.waitForSelector('claimcheck-status [data-tone=done]');
        await page.waitForSelector('claimcheck-status video >> nth=1');
        const text = await page.locator('main').innerText() + await textOf(page);
        assert.doesNotMatch(text, /undefined|\[object|\{\w+\}/);
        const moved = await shifted(page);
        assert.ok(moved <= shiftMax, String(moved));
        assert.ok(bytes > 0 && bytes < scriptBytesMax, `${bytes} bytes of script`);
        await assertClean(page);
      }));
  }

  test('languages: the address, else the browser, else English', async () => {
    const id = await shop.order();
    const rows = [['', 'ru-RU', 'Ваш заказ'], ['tr', 'ru-RU', 'Siparişiniz'],
      ['', 'de-DE', 'Your order'], ['de', 'ru-RU', 'Your order']];
    for (const [locale, browserLocale, title] of rows) {
      await browser.with({ locale: browserLocale }, async (page) => {
        await visit(page, id, locale);
        await page.waitForSelector(`h1:text-is("${title}")`);
      });
    }
  });

  test('it fits on a narrow screen, also with large letters', () =>
    browser.with(narrow, async (page) => {
      const id = await shop.paidOrder({ quantity: 2 });
      await shop.completed(id);
      await visit(page, id, 'ru');
      await page.waitForSelector('claimcheck-status video');
      await page.addStyleTag({ url: '/assets/page.css' });  // nothing new, only that it may load
      const overflow = () => page.evaluate(() =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(await overflow(), 0);
      await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
      assert.equal(await overflow(), 0);
    }));

  test('by keyboard: download, copy, the next video; the copy is told', () =>
    browser.with({ permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      const id = await shop.paidOrder({ quantity: 2 });
      const { files } = await shop.completed(id);
      await visit(page, id);
      await page.waitForSelector('claimcheck-status video >> nth=1');
      await part(page, 'download').first().focus();
      assert.equal(await part(page, 'download').first().getAttribute('href'), files[0].url);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForSelector('claimcheck-status .state:text-is("Link copied")');
      assert.equal(await page.locator('claimcheck-status [role=status]').textContent(),
        'Link copied');
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), files[0].url);
    }));

  test('without a clipboard the link can be copied by hand', () => browser.with({},
    async (page) => {
      await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', {}));
      const id = await shop.paidOrder();
      const { files } = await shop.completed(id);
      await visit(page, id);
      await part(page, 'copy').click();
      assert.equal(await page.getByLabel('Copy this link:').inputValue(), files[0].url);
    }));

  test('sharing where the browser can', () => browser.with({}, async (page) => {
    await page.addInitScript(() => {
      navigator.share = (what) => { globalThis.shared = what; return Promise.resolve(); };
    });
    const id = await shop.paidOrder();
    const { files } = await shop.completed(id);
    await visit(page, id);
    await part(page, 'share').click();
    assert.equal((await page.evaluate('shared')).url, files[0].url);
  }));

  test('for screen readers: one h1, headings in order, a list, one polite voice', () =>
    browser.with({}, async (page) => {
      const id = await shop.paidOrder({ quantity: 2 });
      await visit(page, id);
      await sees(page, 'Your videos are ready');
      const levels = await page.getByRole('heading').evaluateAll((all) =>
        all.map((one) => one.tagName));
      assert.deepEqual(levels, ['H1', 'H2', 'H3', 'H3']);
      assert.equal(await page.getByRole('listitem').count(), 2);
      assert.equal(await page.getByRole('status').count(), 1);
      assert.match(await page.getByRole('status').textContent(), /^Your videos are ready/);
      for (const button of await page.getByRole('button').all()) {
        assert.ok(await button.getAttribute('aria-label'));
      }
      assert.equal(await page.locator('video[aria-label="Video 2"]').count(), 1);
      assert.equal(await page.title(), 'Your videos are ready');
    }));

  test('nothing turns for whoever wants less motion', () =>
    browser.with({ reducedMotion: 'reduce' }, async (page) => {
      const id = await shop.order();
      await slowly(shop, id, 1);
      await visit(page, id);
      await page.waitForSelector('claimcheck-status .card[data-state=making]');
      const moving = () => page.evaluate(() => document.getAnimations({ subtree: true }).length +
        document.querySelector('claimcheck-status').shadowRoot.getAnimations().length);
      assert.equal(await moving(), 0);
      await page.emulateMedia({ reducedMotion: 'no-preference' });
      await page.waitForFunction(() => document.querySelector('claimcheck-status').shadowRoot
        .getAnimations().length > 0);
    }));

  for (const colorScheme of ['light', 'dark']) {
    test(`${colorScheme}: every text stands out enough`, () => browser.with({ colorScheme },
      async (page) => {
        await shop.sandbox.faults({ ...fails, times: 1 });
        const id = await shop.paidOrder({ quantity: 2 });
        await shop.completed(id);
        await visit(page, id);
        await page.waitForSelector('claimcheck-status .refund');
        const seen = await page.evaluate(contrasts);
        assert.ok(seen.length > 12);
        for (const [name, contrast] of seen) assert.ok(contrast >= 4.5, `${name} ${contrast}`);
      }));
  }

  test('the home page, in the language of the buyer', () =>
    browser.with({ locale: 'es-ES' }, async (page) => {
      await page.goto(shop.server.url);
      await page.waitForSelector('h1:text-is("Página de pedidos de shop.example")');
      const back = page.locator('a:has-text("Volver a la tienda")');
      assert.equal(await back.getAttribute('href'), 'https://shop.example/cats');
      await assertClean(page);
    }));

  test('without scripts it says so', () => browser.with({ javaScriptEnabled: false },
    async (page) => {
      await page.goto(`${shop.server.url}/payment-success/cs_test_a`);
      const text = await page.locator('noscript').textContent();
      assert.match(text, /needs JavaScript/);
      assert.doesNotMatch(text, /always/);  // it is kept for some time only
    }));
});

// Last: it moves the clock of the sandbox by a day.
describe('a day later', () => {
  test('an order that was never paid has expired', () => browser.with({}, async (page) => {
    const id = await shop.order();
    await visit(page, id);
    await sees(page, 'Confirming your payment');
    await shop.sandbox.advance(24 * 3600 + 1);
    await page.waitForSelector(headline('This checkout has expired'), { timeout: 60000 });
    await page.waitForSelector('text=nothing was charged');
  }));
});
