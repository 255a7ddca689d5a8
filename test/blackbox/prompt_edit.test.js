// A buyer whose paid prompt the generator refused writes another one, takes the money, or lets the
// time pass: each order has one outcome, whoever is fast and whatever dies in between.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { privateWord } = require('./support/claimcheck.js');
const { fal } = require('./support/fal.js');
const { Shop, parallel, shopTest } = require('./support/shop.js');

const operatorToken = '0123456789abcdef-operator';
const authorization = `Bearer ${operatorToken}`;

const editShop = (more = {}, options = {}) => ({ config: fal, ...options,
  settings: { SUPERDUPERAI_TOKEN: '', CLAIMCHECK_ADMIN_TOKEN: operatorToken,
    CLAIMCHECK_PROMPT_EDITS: '1', ...more } });

const other = `Another ${privateWord}`;
const decide = (shop, id, body) => shop.ask('POST', `/api/prompt/${id}`, { body });
const refuse = (shop, times) => shop.sandbox.faults(
  { match: 'POST /fal/*', times, action: { task: 'refused' } });
const refused = (shop, id) => shop.statusWhen(id, (seen) => seen.notice === 'prompt_refused');
const refunded = (shop, id) => shop.statusWhen(id, (seen) => seen.refund?.status === 'refunded');
const refunds = async (shop) => (await shop.sandbox.ledger('refunds')).refunds;
const prompts = async (shop) =>
  (await shop.generations()).map(({ prompt, raw_config: raw }) => prompt ?? raw.prompt);

// A paid order whose prompt was refused.
async function refusedOrder(shop, fields, times = 1) {
  await refuse(shop, times);
  const id = await shop.paidOrder(fields);
  await refused(shop, id);
  return id;
}

describe('another prompt after a refused one', parallel, () => {
  shopTest('is made and delivered, and is paid only once', editShop(), async (shop) => {
    const id = await refusedOrder(shop);
    const seen = await shop.status(id);
    assert.equal(seen.status, 'processing');
    assert.match(seen.message, /^The service refused the prompt by its content rules\./);
    const left = Date.parse(seen.waitsUntil) - Date.now();
    assert.ok(left > 23 * 3600e3 && left <= 24 * 3600e3, seen.waitsUntil);
    assert.deepEqual(await refunds(shop), []);

    const { status, json } = await decide(shop, id, { prompt: other });
    assert.equal(status, 200);
    assert.equal(json.prompt, other);
    assert.notEqual(json.notice, 'prompt_refused');
    const done = await shop.completed(id);
    assert.equal(done.prompt, other);
    assert.deepEqual(await refunds(shop), []);
    const sent = await prompts(shop);
    assert.equal(sent.length, 2);
    assert.match(sent[1], /^Another /);
    const { charges } = await shop.sandbox.ledger('charges');
    assert.deepEqual(charges.map((one) => one.metadata.claimcheck_u0), ['deliver']);
    const stored = await shop.redis('GET', `session:${id}`);
    assert.ok(!stored.includes('at dawn'), stored);
    const claim = await shop.redis('HGETALL', `claim:{session:${id}}`);
    assert.match(claim, /prompt_edits\n1\n/);
    assert.ok(!claim.includes(privateWord));
  });

  shopTest('may be refused as well: then the money goes back', editShop(), async (shop) => {
    const id = await refusedOrder(shop, {}, 2);
    assert.equal((await decide(shop, id, { prompt: other })).status, 200);
    const seen = await refunded(shop, id);
    assert.equal(seen.files[0].reason, 'refused_content');
    assert.equal((await refunds(shop)).length, 1);
    const late = await decide(shop, id, { prompt: 'a third one' });
    assert.deepEqual([late.status, late.json.code], [409, 'not_refused']);
  });

  shopTest('is not written: the buyer takes the money at once', editShop(), async (shop) => {
    const id = await refusedOrder(shop);
    const { status, json } = await decide(shop, id, { refund: true });
    assert.equal(status, 200);
    assert.equal(json.notice, 'refund_under_way');
    await refunded(shop, id);
    assert.equal((await refunds(shop)).length, 1);
    assert.equal((await decide(shop, id, { refund: true })).json.code, 'not_refused');
    assert.equal((await shop.generations()).length, 1);
  });

  shopTest('that comes too late changes nothing: the time is over',
    editShop({ CLAIMCHECK_PROMPT_EDIT_TIME: '1m' }, { ownRedis: true }), async (shop) => {
      const id = await refusedOrder(shop);
      // The time of the record, as if the minute had passed.
      const key = `claim:{session:${id}}`;
      const ends = Number(await shop.redis('HGET', key, 'prompt_edit_ends_us'));
      await shop.redis('HSET', key, 'prompt_edit_ends_us', String(ends - 120e6));
      await shop.ask('POST', `/api/ops/sessions/${id}/actions`,
        { body: { action: 'look' }, headers: { authorization } });
      await refunded(shop, id);
      assert.equal((await decide(shop, id, { prompt: other })).json.code, 'not_refused');
      assert.equal((await shop.generations()).length, 1);
    });

  shopTest('of two tabs at once: one wins, the other is told', editShop(), async (shop) => {
    const id = await refusedOrder(shop);
    const answers = await Promise.all([...Array(6).keys()].map((tab) =>
      decide(shop, id, tab === 3 ? { refund: true } : { prompt: `${other} of tab ${tab}` })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const { status, json } of answers.filter((one) => one.status !== 200)) {
      assert.equal(status, 409);
      assert.ok(['not_refused', 'changing', 'under_way'].includes(json.code), json.code);
    }
    const winner = answers.findIndex(({ status }) => status === 200);
    const seen = await shop.statusWhen(id, (one) =>
      one.status === 'completed' || one.refund?.status === 'refunded');
    if (winner === 3) assert.equal((await refunds(shop)).length, 1);
    else assert.equal(seen.prompt, `${other} of tab ${winner}`);
    assert.equal((await shop.generations()).length, winner === 3 ? 1 : 2);
  });

  shopTest('is checked like that of a checkout, and what is wrong is named',
    editShop(), async (shop) => {
      const id = await refusedOrder(shop);
      const code = async (body, at = id) => {
        const { status, json } = await decide(shop, at, body);
        return [status, json.code];
      };
      assert.deepEqual(await code({ prompt: ' \n' }), [400, 'empty_prompt']);
      assert.deepEqual(await code({ prompt: 7 }), [400, 'invalid_type']);
      assert.deepEqual(await code({}), [400, 'missing']);
      assert.deepEqual(await code({ prompt: 'x', refund: true }), [400, 'missing']);
      assert.deepEqual(await code({ refund: false }), [400, 'invalid_type']);
      assert.deepEqual(await code('{"prompt":'), [400, 'invalid_json']);
      assert.deepEqual(await code({ prompt: 'x'.repeat(4 * 1024 * 1024 + 1) }),
        [400, 'prompt_too_long']);
      assert.deepEqual(await code({ prompt: `A ${privateWord} at dawn` }), [409, 'same_prompt']);
      assert.deepEqual(await code({ prompt: other }, 'cs_test_unknown'), [404, 'not_found']);
      assert.deepEqual(await code({ prompt: other }, 'x'), [400, 'invalid_session_id']);
      const unpaid = await shop.order();
      assert.deepEqual(await code({ prompt: other }, unpaid), [409, 'not_refused']);
      // Nothing of all that has changed it.
      assert.equal((await shop.status(id)).notice, 'prompt_refused');
    });

  test('is screened by the shop, and may be changed until it is taken', () =>
    Shop.with(editShop(), async (shop) => {
      await shop.server.stop();
      await shop.start({ CLAIMCHECK_SCREENING_URL: `${shop.sandbox.url}/screening`,
        CLAIMCHECK_SCREENING_SECRET: 'whsec_c2FuZGJveC1zY3JlZW5pbmctc2VjcmV0' });
      const id = await refusedOrder(shop);
      const no = await decide(shop, id, { prompt: `Forbidden ${privateWord}` });
      assert.deepEqual([no.status, no.json.code], [400, 'prompt_refused']);
      assert.match(no.json.error, /this prompt: The sandbox forbids this word\.$/);
      assert.equal((await shop.status(id)).notice, 'prompt_refused');
      assert.equal((await decide(shop, id, { prompt: other })).status, 200);
      await shop.completed(id);
    }));

  shopTest('is for every video that is not made yet', editShop(), async (shop) => {
    const id = await refusedOrder(shop, { quantity: 3 }, 1);
    await shop.statusWhen(id, (seen) =>
      seen.files.filter((file) => file.status === 'completed').length === 2);
    assert.equal((await decide(shop, id, { prompt: other })).status, 200);
    const seen = await shop.completed(id);
    assert.equal(seen.files.filter((file) => file.status === 'completed').length, 3);
    assert.equal(new Set(seen.files.map((file) => file.fileId)).size, 3);
    assert.equal((await prompts(shop)).filter((one) => one.startsWith('Another')).length, 1);
    assert.deepEqual(await refunds(shop), []);
  });

  shopTest('is offered to no one without the setting', editShop({ CLAIMCHECK_PROMPT_EDITS: '0' }),
    async (shop) => {
      await refuse(shop, 1);
      const id = await shop.paidOrder();
      await refunded(shop, id);
      assert.equal((await shop.generations()).length, 1);
    });

  for (const point of ['action.before_commit', 'view.before_commit', 'view.after_commit',
    'action.before_wake']) {
    shopTest(`killed at ${point}: nothing or the whole edit is there, and it ends once`,
      editShop({}, { ownRedis: true }), async (shop) => {
        const id = await refusedOrder(shop);
        await shop.server.stop();
        await shop.start({ CLAIMCHECK_FAIL: `${point}:kill` });
        await assert.rejects(decide(shop, id, { prompt: other }));
        await shop.server.died();
        await shop.start();
        const { prompt, notice } = await shop.status(id);
        const edits = await shop.redis('HGET', `claim:{session:${id}}`, 'prompt_edits');
        assert.equal(edits.trim(), prompt === other ? '1' : '');
        if (notice === 'prompt_refused') {
          assert.equal((await decide(shop, id, { prompt: other })).status, 200);
        }
        await shop.completed(id, 60_000);
        assert.deepEqual(await refunds(shop), []);
        assert.equal((await shop.generations()).length, 2);
      });
  }

  shopTest('the shop is told, and operators see who waits', editShop(), async (shop) => {
    const id = await refusedOrder(shop);
    const { json } = await shop.ask('GET', `/api/ops/sessions/${id}`,
      { headers: { authorization } });
    assert.match(json.words[1], /waits for its buyer to write another prompt.*content: the prov/);
    assert.equal(json.units[0].state, 'editable');
    assert.equal((await decide(shop, id, { prompt: other })).status, 200);
    assert.equal((await shop.server.event('prompt_edited')).session, id);
    await shop.completed(id);
    assert.ok(!shop.server.text.includes(privateWord));
  });
});
