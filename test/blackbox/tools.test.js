// One price that buys several tools, and one that buys whatever the shop calls it: the limits are
// those of a configured tool, slug and title of another one are data.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord, run, secrets } = require('./support/claimcheck.js');
const { Shop } = require('./support/shop.js');

const operator = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };

describe('tools', () => {
  let shop;
  before(async () => {
    shop = await Shop.open({
      sandbox: ['--generate-ms', '300', '--price', 'price_single:usd:100:One',
        '--price', 'price_any:usd:100:Any'],
      config: '[tool.cats]\ntitle = "Cats"\ndurations = [5]\nresolutions = ["720x1280"]\n',
      settings: {
        STRIPE_PRICE_IDS: 'price_single:veo3-prompt-generator,price_single:cats,price_any:*',
      },
    });
  });
  after(() => shop?.close());
  const stored = async (id) => JSON.parse(await shop.redis('GET', `session:${id}`));
  const post = (more) => shop.ask('POST', '/api/create-checkout',
    { body: { priceId: 'price_single', prompt: `A ${privateWord}`, ...more } });

  test('a price buys each tool it lists, within that tool\'s limits', async () => {
    const plain = await stored(await shop.order());
    assert.deepEqual([plain.toolSlug, plain.duration], ['veo3-prompt-generator', 8]);
    const cats = await stored(await shop.order({ toolSlug: 'cats', toolTitle: 'Dogs' }));
    assert.deepEqual([cats.toolSlug, cats.toolTitle, cats.duration, cats.resolution],
      ['cats', 'Cats', 5, '720x1280']);
    const { status, json } = await post({ toolSlug: 'cats', duration: 8 });
    assert.deepEqual([status, json.code], [400, 'invalid_duration']);
    const unknown = await post({ toolSlug: 'dogs' });
    assert.deepEqual([unknown.status, unknown.json.code], [400, 'unknown_tool']);
  });

  test('a price of any tool: the shop\'s own name, the default\'s limits', async () => {
    const own = { priceId: 'price_any', toolSlug: 'dogs', toolTitle: 'Dogs & <b>co</b>' };
    const { status, json } = await post({ ...own, duration: 60 });
    assert.deepEqual([status, json.code], [400, 'invalid_duration']);
    const id = await shop.paidOrder(own);
    const seen = await shop.completed(id);
    assert.deepEqual([seen.toolSlug, seen.toolTitle], [own.toolSlug, own.toolTitle]);
    const [made] = await shop.generations();
    assert.deepEqual([made.width, made.height, made.duration], [1280, 720, 8]);
    const { claim } = JSON.parse(
      (await run(['session', 'show', '--json', id], shop.server.settings)).stdout);
    assert.deepEqual([claim.tool, claim.sold_as], ['veo3-prompt-generator', 'dogs']);
    const told = await shop.ask('GET', `/api/ops/sessions/${id}`, { headers: operator });
    assert.equal(told.json.order.tool, 'dogs');
    assert.equal((await shop.stripeSession(id)).metadata.tool, 'veo3-generator');
    const known = await stored(await shop.order({ priceId: 'price_any', toolSlug: 'cats' }));
    assert.deepEqual([known.toolTitle, known.duration], ['Cats', 5]);
  });
});
