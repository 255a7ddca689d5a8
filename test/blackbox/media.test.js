// Images and audio files from the checkout to the shop's webhook: each order is of its kind
// everywhere, and its file is one. An order of videos looks as it always did.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { run, secrets } = require('./support/claimcheck.js');
const { Hook } = require('./support/hook.js');
const kinds = require('./support/kinds.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel } = require('./support/shop.js');

const operator = { headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` } };
const orderFal = 'POST /fal/*';
const own = {
  image: { type: 'image/webp', ending: '.webp', file: 'image-generation-flow', amount: 80,
    words: /^Image 2 is delivered\.$/, bought: /bought +2 x price_image = 2 images of portrait,/ },
  audio: { type: 'audio/wav', ending: '.wav', file: 'audio-generation-flow', amount: 120,
    words: /^Audio 2 is delivered\.$/,
    bought: /bought +2 x price_audio = 2 audio files of jingle,/ },
};

describe('an order of', parallel, () => {
  let shop;
  let hook;
  before(async () => {
    hook = await Hook.open();
    shop = await Shop.open({ ...kinds.options,
      settings: { ...kinds.options.settings, ...hook.settings() } });
  });
  after(async () => {
    await shop?.close();
    await hook?.stop();
  });

  for (const [kind, { type, ending, file, amount, words, bought }] of Object.entries(own)) {
    test(`${kind}: session, status, file, webhook, operator and terminal name the kind`,
      async () => {
        const id = await shop.paidOrder({ priceId: kinds.prices[kind], quantity: 2 });
        const seen = await shop.completed(id);
        assert.equal(seen.media, kind);
        assert.equal(JSON.parse(await shop.redis('GET', `session:${id}`)).media, kind);
        for (const { url, fileId } of seen.files) {
          assert.ok(url.endsWith(ending), url);
          const answer = await fetch(url, { headers: { range: 'bytes=0-9' } });
          assert.equal(answer.status, 206);
          assert.equal(answer.headers.get('content-type'), type);
          const { json } = await shop.ask('GET', `/api/file/${fileId}`);
          assert.deepEqual([json.type, json.url], [kind, url]);
          assert.deepEqual(json.tasks.map((task) => [task.type, task.status]),
            [[file, 'completed']]);
        }
        const [told] = await hook.types(id, ['order.delivered']);
        assert.deepEqual([told.data.media, told.data.amount], [kind, amount]);
        const { json: order } = await shop.ask('GET', `/api/ops/sessions/${id}`, operator);
        assert.equal(order.order.media, kind);
        assert.ok(order.words.some((one) => words.test(one)), order.words.join('\n'));
        const { stdout } = await run(['session', 'show', id], shop.server.settings);
        assert.match(stdout, bought);
        assert.match(stdout, new RegExp(`^  ${kind} 2 +delivered`, 'm'));
      });
  }

  test('images that fail: what is said and told is of images', async () => {
    await Shop.with(kinds.options, async (other) => {
      await other.sandbox.faults({ match: orderFal, times: 0, action: { task: 'error' } });
      const id = await other.paidOrder({ priceId: kinds.prices.image });
      const seen = await other.statusWhen(id, (one) => one.status === 'error');
      assert.equal(seen.error, 'Your image could not be made: the service failed at it, by a '
        + 'fault of its own. Your payment was refunded.');
      assert.equal(seen.files[0].error,
        'This image could not be made: the service failed at it, by a fault of its own.');
    });
  });

  test('videos: nothing has a member that it did not have before', async () => {
    const id = await shop.paidOrder();
    const seen = await shop.completed(id);
    const stored = JSON.parse(await shop.redis('GET', `session:${id}`));
    const [told] = await hook.types(id, ['order.delivered']);
    for (const record of [seen, stored, told.data]) assert.ok(!('media' in record));
  });

  test('a shop\'s page is told which price buys what', async () => {
    const { json } = await shop.ask('GET', '/api/stripe-prices');
    assert.deepEqual(json.items.map((item) => [item.priceId, item.media]),
      [['price_single', undefined], ['price_triple', undefined], ['price_image', 'image'],
        ['price_audio', 'audio']]);
  });

  test('nobody but claimcheck says what the files are', async () => {
    const id = await shop.order({ priceId: kinds.prices.image });
    const { status } = await shop.ask('PATCH', `/api/sessions/${id}`,
      { ...operator, body: { media: 'audio' } });
    assert.equal(status, 409);
    assert.equal((await shop.status(id)).media, 'image');
  });

  test('a session value that was lost is of its kind again', async () => {
    const id = await shop.paidOrder({ priceId: kinds.prices.audio });
    await shop.completed(id);
    await shop.redis('DEL', `session:${id}`);
    await shop.ask('POST', `/api/ops/sessions/${id}/actions`,
      { ...operator, body: { action: 'look' } });
    const seen = await eventually(async () => {
      const one = await shop.status(id);
      return one.status === 'completed' && one;
    }, { what: 'the value to be written again' });
    assert.equal(seen.media, 'audio');
  });
});
