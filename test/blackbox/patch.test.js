// PATCH /api/sessions/{id}: the operator's face of the library's update. It merges, keeps what it
// does not know byte for byte, loses nothing under concurrency, and leaves fulfilment's members
// alone.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { privateWord, secrets } = require('./support/claimcheck.js');
const { Shop } = require('./support/shop.js');

const bearer = (token) => ({ authorization: `Bearer ${token}` });

describe('PATCH of a session', () => {
  let shop;
  before(async () => { shop = await Shop.open(); });
  after(() => shop?.close());

  const patch = (id, body, headers = bearer(secrets.CLAIMCHECK_ADMIN_TOKEN)) =>
    shop.ask('PATCH', `/api/sessions/${id}`, { body, headers });
  const stored = async (id) => JSON.parse(await shop.redis('GET', `session:${id}`));

  test('is for the operator', async () => {
    const id = await shop.order();
    for (const headers of [{}, bearer('wrong'), bearer(secrets.CLAIMCHECK_ADMIN_TOKEN + 'x'),
      { authorization: secrets.CLAIMCHECK_ADMIN_TOKEN }]) {
      const { status, headers: answered } = await patch(id, { note: 1 }, headers);
      assert.equal(status, 401);
      assert.equal(answered.get('www-authenticate'), 'Bearer');
    }
    assert.equal((await stored(id)).note, undefined);
  });

  test('merges: sets, keeps, removes', async () => {
    const id = await shop.order();
    const before = await stored(id);
    const note = { by: 'support', ids: [1, 2.5, null], text: 'é🎬' };
    assert.deepEqual((await patch(id, { note, customerEmail: `b@${privateWord}.example` })).json,
      { success: true });
    const between = await stored(id);
    assert.deepEqual(between.note, note);
    assert.equal(between.prompt, before.prompt);
    assert.ok(between.timestamp >= before.timestamp);
    await patch(id, { note: null, customerEmail: null });
    const { timestamp, ...rest } = await stored(id);
    assert.equal(typeof timestamp, 'string');
    assert.deepEqual({ ...rest, timestamp: before.timestamp }, before);
  });

  test('keeps foreign bytes as they are', async () => {
    const id = 'cs_test_writtenByOthers';
    const foreign = '"odd":8.50,"big":12345678901234567890,"lone":"\\ud83d","esc":"\\u0041\\/",' +
      '"deep":{ "b":1e2 , "a":[ ] }';
    const value = `{"prompt":"A ${privateWord}","videoCount":1,"duration":8,` +
      '"resolution":"1280x720","style":"cinematic","toolSlug":"veo3-prompt-generator",' +
      '"toolTitle":"Free","createdAt":"2025-07-25T09:15:00.123Z","status":"pending",' +
      `"timestamp":"2025-07-25T09:15:00.456Z",${foreign}}`;
    await shop.redis('SET', `session:${id}`, value);
    assert.equal((await patch(id, { style: 'plain', note: true })).status, 200);
    const after = await shop.redis('GET', `session:${id}`);
    assert.ok(after.includes(foreign), after);
    const expected = value.replace('"cinematic"', '"plain"').replace(/}$/, ',"note":true}')
      .replace(/"timestamp":"[^"]*"/, /"timestamp":"[^"]*"/.exec(after)[0]);
    assert.equal(after, expected);
    assert.ok(Number(await shop.redis('TTL', `session:${id}`)) > 29 * 24 * 3600);
  });

  test('refuses what belongs to fulfilment, and what is of the wrong type', async () => {
    const id = await shop.order();
    const before = await shop.redis('GET', `session:${id}`);
    for (const name of ['status', 'fileId', 'error', 'message', 'files', 'videoCount',
      'createdAt', 'timestamp', 'schema']) {
      const { status, json } = await patch(id, { note: 1, [name]: null });
      assert.deepEqual([status, json.code, json.param], [409, 'member_owned', name]);
    }
    for (const wrong of [{ prompt: 1 }, { prompt: '' }, { prompt: null }, { duration: '8' },
      { resolution: {} }, { toolTitle: null }]) {
      assert.equal((await patch(id, wrong)).status, 422, JSON.stringify(wrong));
    }
    for (const body of ['', '[]', '"x"', '{', 'null']) {
      assert.equal((await patch(id, body)).status, 400, body);
    }
    assert.equal(await shop.redis('GET', `session:${id}`), before);
  });

  test('inputs can be changed until the order is paid', async () => {
    const id = await shop.order();
    const prompt = `Another ${privateWord}`;
    assert.equal((await patch(id, { prompt })).status, 200);
    await shop.sandbox.pay(id);
    await shop.completed(id);
    assert.equal((await shop.generations()).at(-1).prompt, prompt);
    assert.equal((await patch(id, { prompt: 'late' })).status, 409);
    assert.equal((await patch(id, { note: 'late' })).status, 200);
  });

  test('a missing session is a 404, a malformed id a 400', async () => {
    assert.equal((await patch('cs_test_nobodyKnowsMe', { note: 1 })).status, 404);
    assert.equal(await shop.redis('EXISTS', 'session:cs_test_nobodyKnowsMe'), '0');
    assert.equal((await patch('nonsense', { note: 1 })).status, 400);
  });

  test('fifty at once lose nothing, while the order is being made', async () => {
    const id = await shop.order({ quantity: 3 });
    await shop.sandbox.pay(id);
    const names = Array.from({ length: 50 }, (_, i) => `field${i}`);
    const answers = await Promise.all(names.map((name, i) => patch(id, { [name]: i })));
    assert.deepEqual(new Set(answers.map((one) => one.status)), new Set([200]));
    await shop.completed(id);
    const kept = await stored(id);
    assert.deepEqual(names.filter((name, i) => kept[name] !== i), []);
    assert.equal((await shop.generations()).filter((one) => one.prompt === kept.prompt).length >= 3,
      true);
  });

  test('without a configured token the route is off', async () => {
    const id = await shop.order();
    await shop.server.stop();
    await shop.start({ CLAIMCHECK_ADMIN_TOKEN: '' });
    for (const headers of [{}, bearer('')]) {
      const { status, json } = await patch(id, { note: 1 }, headers);
      assert.deepEqual([status, json.code], [404, 'operator_routes_off']);
    }
  });
});
