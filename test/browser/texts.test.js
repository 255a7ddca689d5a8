// What the buyer's page says, without a browser: five languages with the same texts, money as
// Stripe counts it, and the words for every status.
'use strict';
const assert = require('node:assert/strict');
const path = require('node:path');
const { before, describe, test } = require('node:test');

const web = (name, folder = 'buyer') =>
  import(path.join(__dirname, '..', '..', 'web', folder, name));
const languages = ['en', 'ru', 'tr', 'es', 'hi'];
const forms = (text) => (typeof text === 'string' ? [text] : Object.values(text));
const places = (text) =>
  [...new Set(forms(text).flatMap((one) => one.match(/\{\w+\}/g) ?? []))].sort();
// "In about a minute" needs no number.
const optional = { minutes: ['{n}'] };

describe('the texts', () => {
  const texts = {};
  before(async () => {
    for (const language of languages) {
      texts[language] = (await web(`text-${language}.js`)).default;
    }
  });

  for (const language of languages) {
    test(`${language} has every key, with the same places, and its own plurals`, () => {
      const own = texts[language];
      assert.deepEqual(Object.keys(own), Object.keys(texts.en));
      const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
      for (const [key, text] of Object.entries(own)) {
        const wanted = optional[key] ?? places(texts.en[key]);
        assert.deepEqual(places(text), wanted, `${language} ${key}`);
        for (const one of forms(text)) assert.match(one, /\S/, key);
        if (typeof text === 'string') continue;
        assert.ok(text.other, `${language} ${key} has a form for all the rest`);
        for (const form of Object.keys(text)) assert.ok(pluralCategories.includes(form), key);
      }
    });
  }

  test('no language says what another one says', () => {
    const same = Object.keys(texts.en).filter((key) =>
      languages.slice(1).some((one) => forms(texts[one][key])[0] === forms(texts.en[key])[0]));
    assert.deepEqual(same, ['video'], 'only a word that is the same in Turkish');
  });
});

describe('words', () => {
  let words;
  let money;
  let english;
  before(async () => {
    words = await web('words.js');
    ({ money } = await web('money.js', 'shared'));
    english = await words.Words.load('en');
  });

  test('the first language that we speak, else English', () => {
    assert.equal(words.chooseLanguage('ru'), 'ru');
    assert.equal(words.chooseLanguage('es-MX', 'ru'), 'es');
    assert.equal(words.chooseLanguage('', undefined, 'de-DE', 'tr-TR'), 'tr');
    assert.equal(words.chooseLanguage('de', 'ja'), 'en');
    assert.equal(words.chooseLanguage(), 'en');
  });

  test('money in Stripe\'s smallest units', () => {
    const rows = [[{ amount: 1900, currency: 'usd' }, '$19.00'],
      [{ amount: 333, currency: 'eur' }, '€3.33'], [{ amount: 500, currency: 'jpy' }, '¥500'],
      [{ amount: 12345, currency: 'kwd' }, 'KWD 12.345'],
      [{ amount: 1900, currency: 'huf' }, 'HUF 19.00'],
      [{ amount: 1900, currency: 'isk' }, 'ISK 19.00'], [{ amount: 7, currency: 'mga' }, 'MGA 7'],
      [{ amount: 1234, currency: 'no currency' }, '12.34 NO CURRENCY']];
    for (const [sum, text] of rows) {
      assert.equal(money(sum, 'en').replace(/\s/g, ' '), text);
    }
    assert.equal(money(rows[0][0], 'es').replace(/\s/g, ' '), '19,00 US$');
  });

  test('plurals', async () => {
    const russian = await words.Words.load('ru');
    assert.equal(english.say('ready', { n: 1 }), 'Your video is ready');
    assert.equal(english.say('ready', { n: 2 }), 'Your videos are ready');
    assert.match(russian.say('minutes', { n: 1 }), /1 минуту/);
    assert.match(russian.say('minutes', { n: 3 }), /3 минуты/);
    assert.match(russian.say('minutes', { n: 5 }), /5 минут\./);
  });

  test('every status has its story', async () => {
    const { isOver, tell } = await web('story.js');
    const done = { status: 'completed', url: 'https://v.example/1.mp4' };
    const lost = { status: 'error' };
    const refund = { status: 'pending', amount: 100, currency: 'usd' };
    const rows = [
      [{ status: 'pending', videoCount: 2, files: [] }, 'wait', 'Confirming your payment', false],
      [{ status: 'pending', notice: 'payment_delayed' }, 'wait', 'Your payment is on its way',
        false],
      [{ status: 'processing', files: [done, {}] }, 'busy', 'Your videos are being made', false],
      [{ status: 'processing', notice: 'held', files: [{}] }, 'note', 'We are taking a closer look',
        false],
      [{ status: 'processing', notice: 'refund_under_way', files: [lost, {}] }, 'note',
        'Not every video could be made', false],
      [{ status: 'processing', notice: 'refund_under_way', files: [lost, lost] }, 'note',
        'Your videos could not be made', false],
      [{ status: 'processing', notice: 'generator_away', files: [{}] }, 'wait',
        'Your order is waiting', false],
      [{ status: 'processing', notice: 'made_again', files: [{}] }, 'busy',
        'Making it once more', false],
      [{ status: 'completed', files: [done] }, 'done', 'Your video is ready', true],
      [{ status: 'completed', files: [done, lost] }, 'note', 'Not every video could be made', true],
      [{ status: 'completed', files: [done, lost], refund }, 'note',
        'Not every video could be made', false],
      [{ status: 'error', notice: 'expired' }, 'bad', 'This checkout has expired', true],
      [{ status: 'error', notice: 'payment_failed' }, 'bad', 'The payment did not go through',
        true],
      [{ status: 'error', notice: 'not_made', videoCount: 1 }, 'bad',
        'Your video could not be made', true],
      [{ status: 'error' }, 'bad', 'This order was not completed', true],
      [{ status: 'error', notice: 'a newer word' }, 'bad', 'This order was not completed', true],
      [{ status: 'a newer word', files: [{}] }, 'busy', 'Your video is being made', false],
    ];
    for (const [order, tone, headline, over] of rows) {
      const story = tell(order, english);
      assert.deepEqual([story.tone, story.headline, isOver(order)], [tone, headline, over]);
      assert.ok(story.detail);
    }
  });

  test('expected time only when the server tells one', async () => {
    const { tell } = await web('story.js');
    const detail = (expectedSeconds) =>
      tell({ status: 'processing', files: [{}], expectedSeconds }, english).detail;
    assert.match(detail(20), /^Usually ready in less than a minute\./);
    assert.match(detail(80), /^Usually ready in about a minute\./);
    assert.match(detail(150), /^Usually ready in about 3 minutes\./);
    for (const unknown of [undefined, null, 0, -5, 'soon']) {
      assert.match(detail(unknown), /^The result appears here by itself\./);
    }
  });

  test('what takes longer than usual is said so', async () => {
    const { tell } = await web('story.js');
    const since = Date.parse('2026-11-25T10:00:00Z');
    const detail = (order, seconds) => tell({ status: 'processing', files: [{}],
      timestamp: '2026-11-25T10:00:00Z', ...order }, english, since + 1000 * seconds).detail;
    const longer = /^This takes longer than usual\. .* your money back\.$/;
    const rows = [[{ expectedSeconds: 20 }, 120], [{ expectedSeconds: 90 }, 180], [{}, 600],
      [{ timestamp: '2026-11-01T10:00:00Z', updatedAt: '2026-11-25T10:00:00Z' }, 600]];
    for (const [order, seconds] of rows) {
      assert.doesNotMatch(detail(order, seconds), longer);
      assert.match(detail(order, seconds + 1), longer);
    }
    assert.doesNotMatch(detail({ timestamp: undefined }, 9999), longer);
    assert.doesNotMatch(detail({ notice: 'held' }, 9999), longer);
  });

  test('what each video does', async () => {
    const { tell } = await web('story.js');
    const done = { status: 'completed', url: 'https://v.example/1.mp4' };
    const lost = { status: 'error' };
    const files = [done, lost, { fileId: 'a' }, {}];
    const rows = [
      [{ status: 'pending', videoCount: 2 }, ['unstarted', 'unstarted']],
      [{ status: 'pending', notice: 'payment_delayed' }, ['unstarted']],
      [{ status: 'processing', files }, ['done', 'lost', 'making', 'waiting']],
      [{ status: 'processing', notice: 'held', files }, ['done', 'checked', 'making', 'waiting']],
      [{ status: 'error', notice: 'not_made', files: [lost, lost] }, []],
      [{ status: 'processing', notice: 'refund_under_way', files: [lost, lost] }, []],
      [{ status: 'error', notice: 'expired', videoCount: 2 }, []],
    ];
    for (const [order, states] of rows) assert.deepEqual(tell(order, english).states, states);
  });

  test('what comes back of an order that is lost in part', async () => {
    const { tell } = await web('story.js');
    const lost = { status: 'error' };
    const detail = (files, refund) =>
      tell({ status: 'processing', notice: 'refund_under_way', files, refund }, english).detail;
    const refund = { status: 'pending', amount: 100, currency: 'usd' };
    assert.match(detail([lost, {}], refund), / \$1\.00 for what .* The others are below\.$/);
    assert.match(detail([lost, {}]), / Money for what .* The others are below\.$/);
    assert.match(detail([lost, lost], refund), /^\$1\.00 is on its way back to you\./);
    assert.match(detail([lost, lost]), / Your money comes back by itself;/);
  });

  test('until when an order waits for the generator', async () => {
    const { tell } = await web('story.js');
    const detail = (waitsUntil) =>
      tell({ status: 'processing', notice: 'generator_away', files: [{}], waitsUntil }, english)
        .detail;
    assert.match(detail('2026-11-29T05:32:00.000Z'),
      /it goes on by itself, or is refunded on Nov (28|29|30), 2026, .*\.$/);
    assert.match(detail(undefined), /Your order is safe: you get it, or your money back\.$/);
  });

  test('nothing is said of money when nothing was paid', async () => {
    const { tell } = await web('story.js');
    const free = { status: 'error', notice: 'not_made', videoCount: 1 };
    assert.match(tell(free, english).detail, /Nothing was charged/);
    const paid = { ...free, refund: { status: 'refunded', amount: 5000, currency: 'jpy' } };
    assert.match(tell(paid, english).detail, /^¥5,000 went back to you/);
    assert.equal(tell(paid, english).refund, '', 'it is said once');
  });

  test('where a buyer may go on', async () => {
    const { tell } = await web('story.js');
    const done = { status: 'completed', url: 'https://v.example/1.mp4' };
    const rows = [
      [{ status: 'pending' }, ['pay', 'shop']],
      [{ status: 'pending', notice: 'payment_delayed' }, []],
      [{ status: 'processing', files: [{}] }, []],
      [{ status: 'processing', notice: 'held', files: [{}] }, ['support']],
      [{ status: 'completed', files: [done] }, ['shop']],
      [{ status: 'error', notice: 'expired' }, ['orderAgain']],
      [{ status: 'error', notice: 'expired', recoveryUrl: 'https://s.example' },
        ['recover', 'orderAgain']],
      [{ status: 'error', notice: 'payment_failed' }, ['orderAgain']],
      [{ status: 'error', notice: 'not_made' }, ['orderAgain']],
      [{ status: 'error', notice: 'link_lost' }, ['shop', 'support']],
      [{ status: 'error' }, ['orderAgain', 'support']],
    ];
    for (const [order, ways] of rows) assert.deepEqual(tell(order, english).ways, ways);
  });

  test('an order that is not found is asked for less and less often', async () => {
    const { missingWait } = await web('follow.js');
    assert.deepEqual([0, 20, 40, 240, 600].map((s) => missingWait(1000 * s)),
      [5000, 5000, 10000, 60000, 60000]);
  });

  test('Retry-After in seconds or as a date', async () => {
    const { retryAfter } = await web('follow.js');
    const now = Date.parse('Wed, 25 Nov 2026 10:00:00 GMT');
    assert.equal(retryAfter('7', now), 7000);
    assert.equal(retryAfter('Wed, 25 Nov 2026 10:00:05 GMT', now), 5000);
    for (const none of [null, '', 'soon', '-1', 'Wed, 25 Nov 2026 09:00:00 GMT']) {
      assert.equal(retryAfter(none, now), 0, none);
    }
  });
});
