// The main job, end to end: a long prompt in every script, two videos, one payment, one webhook,
// and the buyer's status. What was really made is read from the sandbox's ledger, what is kept
// from Redis.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { after, before, describe, test } = require('node:test');
const { privateWord } = require('./support/claimcheck.js');
const { Shop } = require('./support/shop.js');

const dayS = 24 * 3600;
const seedMembers = ['prompt', 'videoCount', 'duration', 'resolution', 'style', 'toolSlug',
  'toolTitle', 'createdAt', 'status'];

// 12,000 characters (code points) that JSON, UTF-8, HTML or a shell could spoil.
function hardPrompt() {
  const piece = [
    privateWord, '🎬👩‍👩‍👧‍👦 "quoted" \'single\' \\back\\slash /slash\n\r\t',
    'مرحبا بالعالم שלום \u202ereversed\u202c e\u0301a\u0308o\u0302 𝔘𝔫𝔦 日本語 Grüße',
    '\u2028\u2029\u0001\u007f\u0000\ufeff\uffff <script>&amp;</script> ${x} {{y}} %7B %s ',
  ].join(' ');
  return Array.from(piece.repeat(200)).slice(0, 12000).join('');
}

describe('one paid order', () => {
  const prompt = hardPrompt();
  let shop;
  let id;
  before(async () => { shop = await Shop.open({ sandbox: ['--generate-ms', '700'] }); });
  after(() => shop?.close());

  test('checkout keeps the whole order in Redis and little at Stripe', async () => {
    const { status, json } = await shop.checkout({ prompt, quantity: 2 });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json), ['sessionId', 'url']);
    assert.ok(json.url.startsWith(`${shop.sandbox.url}/c/pay/`));
    id = json.sessionId;

    const session = await shop.stripeSession(id);
    assert.deepEqual(session.metadata, { video_count: '2', tool: 'veo3-generator' });
    assert.equal(session.amount_total, 200);
    assert.equal(session.status, 'open');

    const kept = JSON.parse(await shop.redis('GET', `session:${id}`));
    assert.deepEqual(Object.keys(kept).filter((name) => seedMembers.includes(name)), seedMembers);
    assert.equal(kept.prompt, prompt);
    const { createdAt, timestamp, prompt: ignored, ...rest } = kept;
    assert.equal(typeof ignored, 'string');
    assert.equal(createdAt, timestamp);
    assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(rest, {
      videoCount: 2, duration: 8, resolution: '1280x720', style: 'cinematic',
      toolSlug: 'veo3-prompt-generator', toolTitle: 'Free VEO3 Viral Prompt Generator',
      status: 'pending', priceId: 'price_single',
    });
    const ttl = Number(await shop.redis('TTL', `session:${id}`));
    assert.ok(ttl > 30 * dayS - 60 && ttl <= 30 * dayS, `life of ${ttl} s`);
  });

  test('the value is what JSON.stringify would have written', async () => {
    const bytes = await shop.redis('GET', `session:${id}`);
    assert.equal(bytes, JSON.stringify(JSON.parse(bytes)));
  });

  test('nothing is made before the payment', async () => {
    assert.equal((await shop.status(id)).status, 'pending');
    assert.deepEqual(await shop.generations(), []);
  });

  test('the payment makes two videos, and the status follows', async () => {
    await shop.sandbox.pay(id);
    const working = await shop.statusWhen(id, (seen) => seen.fileId);
    assert.ok(['processing', 'completed'].includes(working.status));

    const done = await shop.completed(id);
    assert.equal(done.prompt, prompt);
    assert.equal(done.videoCount, 2);
    assert.equal(done.progress, 100);
    assert.equal(done.fileId, done.files[0].fileId);
    assert.equal(done.error, undefined);
    for (const file of done.files) {
      assert.equal(file.status, 'completed');
      const video = await fetch(file.url);
      assert.equal(video.status, 200);
      assert.equal(video.headers.get('content-type'), 'video/mp4');
      assert.ok((await video.arrayBuffer()).byteLength > 1000);
    }
  });

  test('E7 the generator got the prompt byte for byte, twice, with different seeds', async () => {
    const made = await shop.generations();
    assert.equal(made.length, 2);
    const { files } = await shop.status(id);
    assert.deepEqual(made.map((one) => one.id).sort(), files.map((one) => one.fileId).sort());
    for (const one of made) {
      assert.equal(one.prompt, prompt);
      assert.equal(one.prompt_bytes, Buffer.byteLength(prompt));
      const digest = crypto.createHash('sha256').update(prompt).digest('hex');
      assert.equal(one.prompt_sha256, digest);
      assert.equal(one.generation_config_name, 'google-cloud/veo3-text2video');
      assert.deepEqual([one.duration, one.width, one.height, one.aspect_ratio],
        [8, 1280, 720, '16:9']);
    }
    assert.notEqual(made[0].seed, made[1].seed);
  });

  test('every delivery of the webhook was taken', async () => {
    const deliveries = await shop.deliveries(id);
    assert.ok(deliveries.some((one) => one.type === 'checkout.session.completed'));
    assert.deepEqual(deliveries.filter((one) => one.status !== 200), []);
  });

  test('the value in Redis kept its members and starts a new life', async () => {
    const kept = JSON.parse(await shop.redis('GET', `session:${id}`));
    assert.deepEqual(Object.keys(kept).slice(0, seedMembers.length), seedMembers);
    assert.equal(kept.status, 'completed');
    assert.equal(kept.prompt, prompt);
    assert.ok(kept.timestamp > kept.createdAt);
    assert.ok(Number(await shop.redis('TTL', `session:${id}`)) > 30 * dayS - 60);
  });
});
