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
  const kinds = {};
  before(async () => {
    for (const language of languages) {
      ({ default: texts[language], kinds: kinds[language] } = await web(`text-${language}.js`));
    }
  });

  // Of one text, beside the English one.
  function check(language, key, text, english) {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    assert.deepEqual(places(text), optional[key] ?? places(english), `${language} ${key}`);
    for (const one of forms(text)) assert.match(one, /\S/, key);
    if (typeof text === 'string') return;
    assert.ok(text.other, `${language} ${key} has a form for all the rest`);
    for (const form of Object.keys(text)) assert.ok(pluralCategories.includes(form), key);
  }

  for (const language of languages) {
    test(`${language} has every key, with the same places, and its own plurals`, () => {
      const own = texts[language];
      assert.deepEqual(Object.keys(own), Object.keys(texts.en));
      for (const [key, text] of Object.entries(own)) check(language, key, text, texts.en[key]);
    });

    test(`${language} never says "video" of an image or an audio file`, () => {
      const video = /video|vídeo|видео|वीडियो/i;
      assert.deepEqual(Object.keys(kinds[language]), ['image', 'audio']);
      for (const own of Object.values(kinds[language])) {
        for (const key of Object.keys(kinds.en.image)) assert.ok(own[key], `${language} ${key}`);
        for (const [key, text] of Object.entries(own)) {
          assert.ok(key in texts.en, `${key} is a text of videos`);
          check(language, key, text, texts[language][key]);
          for (const one of forms(text)) assert.doesNotMatch(one, video);
        }
        const left = { ...texts[language], ...own };
        for (const [key, text] of Object.entries(left)) {
          for (const one of forms(text)) assert.doesNotMatch(one, video, `${language} ${key}`);
        }
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

  test('an order of another kind has its own words; an unknown kind those of videos', async () => {
    const { tell } = await web('story.js');
    const done = { status: 'completed', url: 'https://v.example/1.png' };
    const told = (media, files) => tell({ status: 'completed', media, files }, english).headline;
    assert.equal(told('image', [done]), 'Your image is ready');
    assert.equal(told('image', [done, done]), 'Your images are ready');
    assert.equal(told('audio', [done, done]), 'Your audio files are ready');
    for (const other of [undefined, 'video', 'hologram', 'toString']) {
      assert.equal(told(other, [done]), 'Your video is ready');
    }
    const spanish = await words.Words.load('es');
    assert.equal(spanish.of('image').say('done'), 'Lista');
    assert.equal(spanish.of('audio').say('done'), 'Listo');
  });

  test('how a file is called when it is downloaded', async () => {
    const { fileName } = await web('file-name.js');
    const id = 'cs_test_a1B2c3X7y8Z9';
    const rows = [
      [{}, 'https://v.example/x/1.mp4', 'video-X7y8Z9-1.mp4'],
      [{ toolTitle: 'Cat  Videos!' }, 'https://v.example/1.WEBM?sign=a.png',
        'cat-videos-X7y8Z9-1.webm'],
      [{ media: 'image', toolTitle: 'Кот / ../../etc' }, 'https://v.example/1',
        'кот-etc-X7y8Z9-1.png'],
      [{ media: 'image' }, 'https://v.example/1.exe', 'image-X7y8Z9-1.png'],
      [{ media: 'audio', toolTitle: 'वीडियो' }, 'https://v.example/1.wav', 'वीडियो-X7y8Z9-1.wav'],
      [{ media: 'audio', toolTitle: '…' }, 'https://v.example/1.mp4', 'audio-X7y8Z9-1.mp3'],
      [{ media: 'hologram' }, 'https://v.example/', 'video-X7y8Z9-1.mp4'],
      [{ media: 'toString' }, 'https://v.example/', 'video-X7y8Z9-1.mp4'],
    ];
    for (const [order, url, name] of rows) assert.equal(fileName(order, id, 1, url), name);
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
      [{ status: 'processing', notice: 'queued', files: [{}] }, 'wait', 'Your order is in line',
        false],
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

  test('why it was not made is told where one reason is known, and never guessed', async () => {
    const { stateText, tell } = await web('story.js');
    const refused = { status: 'error', reason: 'refused_content' };
    const refund = { status: 'pending', amount: 100, currency: 'usd' };
    const order = { status: 'processing', notice: 'refund_under_way', refund };
    const told = (...files) => tell({ ...order, files }, english);
    const money = '$1.00 is on its way back to you. Your bank may take a few days to show it.';
    assert.equal(told(refused, refused).detail,
      `The service refused it by its content rules. Another prompt may be accepted. ${money}`);
    assert.equal(told(refused).refund, '');  // the detail has it
    for (const files of [[refused, { status: 'error' }], [refused, { ...refused, reason: 'x' }],
      [refused, { ...refused, reason: 'too_late' }], [{ status: 'error' }]]) {
      assert.equal(told(...files).detail, money);
    }
    const free = { status: 'error', notice: 'not_made', files: [refused] };
    assert.match(tell(free, english).detail,
      /^We are sorry about this\. The service refused .*\. Nothing was charged\.$/);
    assert.equal(stateText('lost', refused), 'whyRefused');
    assert.equal(stateText('checked', refused), 'checked');
    assert.equal(stateText('lost', { status: 'error', reason: 'a newer word' }), 'lost');
    for (const reason of ['refused_content', 'wrong_input', 'service_fault', 'service_away',
      'too_late']) {
      assert.match(stateText('lost', { reason }), /^why[A-Z]/);
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

  test('the place in line, and the time until its turn where it is known', async () => {
    const { tell } = await web('story.js');
    const detail = (queue) =>
      tell({ status: 'processing', notice: 'queued', files: [{}], queue }, english).detail;
    assert.match(detail({ place: 12, aboutSeconds: 340 }),
      /^Number 12 in line\. Its turn comes in about 6 minutes\. You can close this page\./);
    assert.match(detail({ place: 1, aboutSeconds: 20 }), /^Number 1 .* in about a minute\. You/);
    assert.match(detail({ place: 3 }), /^Number 3 in line\. You can/);
    assert.match(detail(undefined), /^You can close this page\./);
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
