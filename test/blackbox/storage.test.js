// Results that are kept in the shop's storage, a real S3 server: delivered when the copy is there,
// by links that are signed for a while or by public ones, whoever dies or is away meanwhile.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { BucketServer } = require('./support/bucket.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel } = require('./support/shop.js');

// A shop with a bucket of its own.
function kept(name, use, settings = () => ({})) {
  test(name, async () => {
    const bucket = await BucketServer.start();
    try {
      await Shop.with({ settings: { ...bucket.settings, ...settings(bucket) } },
        (shop) => use(shop, bucket));
    } finally {
      await bucket.end();
    }
  });
}

// What every job of the sandbox makes.
const source = fs.readFileSync(path.join(__dirname, '../../sandbox/web/sample.mp4'));

async function bytesAt(url) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, url);
  return Buffer.from(await answer.arrayBuffer());
}

async function isWhole(shop, id, bucket) {
  const seen = await shop.statusWhen(id, (one) => one.status === 'completed', 60000);
  for (const file of seen.files) assert.deepEqual(await bytesAt(file.url), source);
  assert.equal((await bucket.objects()).length, seen.files.length);
  return seen;
}

// Stops the healthy claimcheck and starts one that dies at that point.
async function arm(shop, point) {
  await shop.server.stop();
  await shop.start({ CLAIMCHECK_FAIL: `${point}:kill` });
}

describe('a result in the storage', parallel, () => {
  kept('is delivered by our link, which leads to a signed one', async (shop, bucket) => {
    const id = await shop.paidOrder({ priceId: 'price_triple' });
    const seen = await isWhole(shop, id, bucket);
    for (const [place, file] of seen.files.entries()) {
      assert.equal(file.url, `${shop.server.url}/api/result/${id}-${place + 1}.mp4`);
      const { status, headers } = await shop.ask('GET', `/api/result/${id}-${place + 1}`);
      assert.equal(status, 302);
      assert.ok(headers.get('location').startsWith(`${bucket.url}/claimcheck/20`));
      assert.match(headers.get('location'), /X-Amz-Signature=/);
      assert.ok(!headers.get('location').includes(id));
    }
    const head = await fetch(seen.files[0].url, { method: 'HEAD' });
    assert.equal(head.headers.get('content-type'), 'video/mp4');
    const saved = await fetch(`${seen.files[0].url}?download`);
    assert.equal(saved.headers.get('content-disposition'), 'attachment; filename="video-1.mp4"');
  });

  kept('is delivered by its public address where there is one', async (shop, bucket) => {
    const id = await shop.paidOrder();
    const seen = await isWhole(shop, id, bucket);
    assert.ok(seen.files[0].url.startsWith(`${bucket.url}/claimcheck/`), seen.files[0].url);
    assert.ok(!seen.files[0].url.includes(id));
  }, (bucket) => ({ CLAIMCHECK_STORAGE_PUBLIC_URL: bucket.url }));

  kept('is not delivered before the storage has it', async (shop, bucket) => {
    await bucket.close();
    const id = await shop.paidOrder();
    await shop.server.event('copy_put_off');
    const { json } = await shop.ask('GET', `/api/webhook-status/${id}`);
    assert.equal(json.status, 'processing');
    assert.equal(json.files[0].url, undefined);
    await bucket.back();
    await isWhole(shop, id, bucket);
  });

  kept('that is no video is held for a person, and nothing is kept', async (shop, bucket) => {
    await shop.sandbox.faults({ match: 'GET /media/*', times: 0, action: {
      status: 200, headers: { 'content-type': 'image/png' }, body: 'not a video' } });
    const id = await shop.paidOrder();
    await shop.statusWhen(id, (one) => one.notice === 'held');
    assert.deepEqual(await bucket.objects(), []);
  });
});

describe('kill -9 while a result is copied', parallel, () => {
  for (const point of ['copy.after_part', 'copy.completed', 'copy.after_stretch']) {
    kept(`at ${point}: the next start finishes the copy`, async (shop, bucket) => {
      const id = await shop.order();
      await arm(shop, point);
      await shop.sandbox.pay(id);
      await shop.server.died();
      await shop.start();
      // At once, instead of half a minute after its taker died.
      const [due, taken] = ['claimcheck:{p00}:due', 'claimcheck:{p00}:taken'];
      const [, lapses] = (await shop.redis('HGET', taken, id)).split(' ');
      await shop.redis('ZADD', due, '1000000', id);
      await shop.redis('HSET', taken, id, `1000000 ${lapses}`);
      await isWhole(shop, id, bucket);
      assert.equal((await shop.sandbox.ledger('generations')).generations.length, 1);
      assert.equal((await shop.sandbox.ledger('refunds')).refunds.length, 0);
    });
  }
});

describe('a result that is gone from the storage', parallel, () => {
  kept('is found at the generator again', async (shop, bucket) => {
    const id = await shop.paidOrder();
    const seen = await isWhole(shop, id, bucket);
    const [object] = await bucket.objects();
    assert.equal((await fetch(`${bucket.url}/${object}`, { method: 'DELETE' })).status, 204);
    // As after a day.
    const claim = `claim:{session:${id}}`;
    await shop.redis('HSET', claim, 'u0.delivered_us', String((Date.now() - 2 * 86400e3) * 1000));
    await shop.redis('ZADD', 'claimcheck:{p00}:due', '1000000', id);
    const fresh = await eventually(async () => {
      const { json } = await shop.ask('GET', `/api/webhook-status/${id}`);
      return json.files[0].url !== seen.files[0].url && json.files[0].url;
    });
    assert.deepEqual(await bytesAt(fresh), source);
  });
});
