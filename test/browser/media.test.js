// A video, an image and an audio file are each shown as themselves: they load and play, say what
// they are in every language, have names as files, and nothing moves when they come.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord, secrets } = require('../blackbox/support/claimcheck.js');
const kinds = require('../blackbox/support/kinds.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, sees } = require('./support/browser.js');
const { languages, part, phone, shifted, textOf, visit } = require('./support/buyer.js');

const shiftMax = 0.03;
const orderFal = 'POST /fal/*';
const ready = {
  image: ['Your image is ready', 'Your images are ready'],
  audio: ['Your audio file is ready', 'Your audio files are ready'],
};
const prompt = `A ${privateWord} at dawn`;
// The word for videos, in each of the five languages.
const video = /video|vídeo|видео|वीडियो/i;

describe('the buyer\'s page', () => {
  let shop;
  let browser;
  const orders = {};
  before(async () => {
    shop = await Shop.open({
      ...kinds.options,
      config: (url) => kinds.config(url) + '[shop]\nname = "Cats & Co"\n' +
        'support = "help@shop.example"\n',
    });
    browser = await Browser.open();
    for (const kind of ['video', 'image', 'audio']) {
      orders[kind] = await shop.paidOrder({ priceId: kinds.prices[kind], quantity: 2 });
      await shop.completed(orders[kind]);
    }
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });
  const viewers = (page, tag) => page.locator(`claimcheck-status ${tag}`);

  test('an image is an image: it loads, opens in full size, says what it shows', () =>
    browser.with({}, async (page, context) => {
      await visit(page, shop, orders.image);
      await sees(page, ready.image[1]);
      assert.equal(await viewers(page, 'video, audio').count(), 0);
      const image = viewers(page, 'img').nth(1);
      await page.waitForFunction(() => [...document.querySelector('claimcheck-status').shadowRoot
        .querySelectorAll('img')].every((one) => one.complete && one.naturalWidth > 0));
      assert.deepEqual(await image.evaluate((one) => [one.naturalWidth, one.alt]),
        [960, `Image 2: ${prompt}`]);
      const box = await image.boundingBox();
      assert.ok(Math.abs(box.width / box.height - 16 / 9) < 0.02, 'the shape that was ordered');

      const link = page.locator('claimcheck-status .full').nth(1);
      assert.equal(await link.getAttribute('title'), 'Open the image');
      const opened = context.waitForEvent('page');
      await link.focus();
      await page.keyboard.press('Enter');
      const other = await opened;
      await other.waitForURL(/\/media\/jobs\/\w+\.webp$/);
      await assertClean(page);
    }));

  test('an audio file is heard, by its own player', () => browser.with({}, async (page) => {
    await visit(page, shop, orders.audio);
    await sees(page, ready.audio[1]);
    assert.equal(await viewers(page, 'video, img').count(), 0);
    const player = viewers(page, 'audio').nth(1);
    assert.equal(await player.getAttribute('aria-label'), 'Audio file 2');
    const heard = await player.evaluate(async (audio) => {
      audio.muted = true;
      await audio.play();
      await new Promise((resolve) => {
        audio.ontimeupdate = () => audio.currentTime > 0 && resolve();
      });
      return [audio.readyState >= audio.HAVE_CURRENT_DATA, Math.round(audio.duration)];
    });
    assert.deepEqual(heard, [true, 3]);
    assert.ok((await player.boundingBox()).width > 200);
    await assertClean(page);
  }));

  test('a video stays a video', () => browser.with({}, async (page) => {
    await visit(page, shop, orders.video);
    await sees(page, 'Your videos are ready');
    assert.equal(await viewers(page, 'video').count(), 2);
    assert.equal(await viewers(page, 'img, audio').count(), 0);
    await assertClean(page);
  }));

  test('a download is called by shop, order, place and kind', () =>
    browser.with({}, async (page) => {
      const endings = { video: 'mp4', image: 'webp', audio: 'wav' };
      for (const [kind, ending] of Object.entries(endings)) {
        await visit(page, shop, orders[kind]);
        await part(page, 'download').nth(1).waitFor();
        assert.equal(await part(page, 'download').nth(1).getAttribute('download'),
          `cats-co-${orders[kind].slice(-6)}-2.${ending}`);
      }
    }));

  for (const locale of languages) {
    test(`${locale}: the kind by its name, and that it is made by AI`, () =>
      browser.with(phone, async (page) => {
        for (const kind of ['video', 'image', 'audio']) {
          await visit(page, shop, orders[kind], locale);
          await part(page, 'download').first().waitFor();
          const words = await textOf(page);
          assert.equal(video.test(words), kind === 'video', words);
          const note = page.locator('.note[data-text=keepVideos]');
          await note.waitFor();
          await page.waitForFunction((isVideo) => /video|vídeo|видео|वीडियो/i.test(
            document.querySelector('[data-text=keepVideos]').textContent) === isVideo,
          kind === 'video');
          assert.match(await part(page, 'by-ai').innerText(), /\((AI|IA|ИИ|YZ)\)/);
          const overflow = await page.evaluate(() =>
            document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `${kind} is as wide as the phone`);
        }
      }));
  }

  test('nothing moves when they come', () => browser.with({}, async (page) => {
    for (const kind of ['image', 'audio']) {
      await shop.sandbox.faults({ match: orderFal, times: 0, action: { task: 'never' } });
      const id = await shop.paidOrder({ priceId: kinds.prices[kind], quantity: 2 });
      await shop.statusWhen(id, (one) => one.files.filter((file) => file.fileId).length === 2);
      await shop.sandbox.clearFaults();
      await visit(page, shop, id);
      await page.waitForSelector('claimcheck-status .card[data-state=making]');
      const height = () => page.locator('claimcheck-status .card').first()
        .evaluate((card) => card.offsetHeight);
      const before = await height();
      const { generations } = await shop.sandbox.ledger('generations');
      for (const { id: job } of generations.slice(-2)) {
        await shop.sandbox.finishGeneration(job, 'completed');
      }
      await sees(page, ready[kind][1]);
      assert.ok(Math.abs(await height() - before) <= 1, `${kind}: ${before}, ${await height()}`);
      assert.ok(await shifted(page) < shiftMax);
    }
  }));

  test('a file that is gone can be opened by its link', () => browser.with({}, async (page) => {
    await page.route('**/media/jobs/**', (route) => route.abort());
    for (const [kind, text] of [['image', 'The image cannot be shown here.'],
      ['audio', 'The audio file does not play here.']]) {
      await visit(page, shop, orders[kind]);
      const broken = page.locator('claimcheck-status .broken').first();
      await broken.waitFor();
      assert.ok((await broken.innerText()).startsWith(text));
    }
  }));

  test('the operator sees the kind, and opens the file', () => browser.with({}, async (page) => {
    await page.goto(`${shop.server.url}/ops#/order/${orders.image}`);
    await page.fill('#token', secrets.CLAIMCHECK_ADMIN_TOKEN);
    await page.press('#token', 'Enter');
    await page.waitForSelector('h2:text-is("Images")');
    const words = await page.locator('main').innerText();
    assert.match(words, /Image 1 is delivered\./);
    assert.match(words, /^Image 1: .*Delivered/im);
    assert.equal(await page.locator('a:has-text("Open image")').count(), 2);
    await page.goto(`${shop.server.url}/ops#/orders`);
    await page.waitForSelector('td[data-label=Videos]:has-text("2 audio files")');
    await assertClean(page);
  }));
});

test('the demo shop offers what is sold', async () => {
  const browser = await Browser.open();
  try {
    await Shop.with(kinds.options, async (shop) => {
      await shop.server.stop();
      await shop.start({ CLAIMCHECK_CORS_ORIGINS: shop.sandbox.url });
      await shop.sandbox.shopApi(shop.server.url);
      await browser.with({}, async (page) => {
        await page.goto(`${shop.sandbox.url}/shop`);
        await page.waitForSelector(
          'h1:text-is("Turn a sentence into a video, an image, or an audio file")');
        assert.equal(await page.locator('.choice:visible').count(), 4);
        await page.fill('textarea[name=prompt]', prompt);
        await page.check('input[value=price_image]');
        await page.click('button:has-text("Buy for $0.40")');
        await page.waitForURL('**/c/pay/cs_test_*');
        await page.click('button[value=pay]');
        await page.waitForURL('**/payment-success/cs_test_*');
        await sees(page, ready.image[0]);
      });
    });
  } finally {
    await browser.close();
  }
});
