// What a person decides about an order: by the operator's routes and by the command line. Whatever
// is decided, each paid video ends as one of delivered or refunded; the sandbox's books tell.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const Stripe = require('stripe');
const { privateWord, run, secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel, shopTest } = require('./support/shop.js');

const [done, failed, usage, missing] = [0, 1, 2, 3];
const nobody = 'cs_test_nobodyKnowsMe';
const patience = 60000;
const submit = 'POST /api/v1/file/generate-video';
const fails = { match: submit, times: 0, action: { task: 'error' } };
const failsOnce = { match: submit, action: { task: 'error' } };
const manual = { settings: { CLAIMCHECK_REFUNDS: 'manual' } };
const hand = 'https://videos.example/by-hand.mp4';
const bearer = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };

function act(shop, id, body, headers = bearer) {
  return shop.ask('POST', `/api/ops/sessions/${id}/actions`, { body, headers });
}
async function mustAct(shop, id, body) {
  const { status, json, text } = await act(shop, id, body);
  assert.equal(status, 200, text);
  assert.equal(json.done, true);
  return json;
}
async function assertRefused(shop, id, body, status, code) {
  const { status: answered, json } = await act(shop, id, body);
  assert.deepEqual([answered, json.code], [status, code], JSON.stringify(json));
  return json.error;
}
const session = (shop, ...args) => run(['session', ...args], shop.server.settings);
async function shown(shop, id) {
  return JSON.parse((await session(shop, 'show', '--json', id)).stdout);
}
async function orderIs(shop, id, state) {
  await eventually(async () => (await shown(shop, id)).claim.state === state,
    { withinMs: patience, what: `${id} ${state}` });
}
async function heldOrder(shop, fields, fault = failsOnce) {
  await shop.sandbox.faults(fault);
  const id = await shop.paidOrder(fields);
  await orderIs(shop, id, 'held');
  await shop.sandbox.clearFaults();
  return id;
}
async function refunds(shop) { return (await shop.sandbox.ledger('refunds')).refunds; }
async function registered(shop, id) {
  const { payment_intent: intent } = await shop.stripeSession(id);
  const { charges } = await shop.sandbox.ledger('charges');
  return charges.find((one) => one.payment_intent === intent).metadata;
}

describe('what a person decides', parallel, () => {
  shopTest('retry: a video that Stripe would not register is delivered, without another one', {},
    async (shop) => {
      const id = await heldOrder(shop, {},
        { match: 'POST /v1/charges/*', times: 0, action: { status: 400 } });
      const { fileId } = await shop.status(id);
      const file = async () => (await shop.ask('GET', `/api/file/${fileId}`)).json;
      assert.equal((await file()).url, null);  // the generator has it, the buyer not yet
      const { claim } = await mustAct(shop, id, { action: 'retry', note: `for ${privateWord}` });
      assert.deepEqual([claim.state, claim.units[0].state], ['paid', 'ready']);
      const { files } = await shop.completed(id);
      assert.equal(await eventually(async () => (await file()).url), files[0].url);
      assert.equal((await shop.generations()).length, 1);
      assert.deepEqual(await registered(shop, id), { claimcheck_u0: 'deliver' });
      const { history } = await shown(shop, id);
      assert.ok(history.some((one) => one.why === `operator: retry video 1: for ${privateWord}`));
      assert.equal(shop.server.events('operator_action').length, 1);
    });

  shopTest('retry: what fails again is held again', manual, async (shop) => {
    const id = await heldOrder(shop);
    const before = (await shown(shop, id)).claim.version;
    await mustAct(shop, id, { action: 'retry' });
    await eventually(async () => {
      const { claim } = await shown(shop, id);
      return claim.state === 'held' && Number(claim.version) >= Number(before) + 2;
    });
    assert.equal((await shop.generations()).length, 1);
    assert.deepEqual(await refunds(shop), []);
  });

  shopTest('resubmit: one generation more, and no more than that', manual, async (shop) => {
    const id = await heldOrder(shop, {}, fails);
    await mustAct(shop, id, { action: 'resubmit' });
    await shop.completed(id);
    assert.equal((await shop.generations()).length, 2);
    const seeds = new Set((await shop.generations()).map((one) => one.seed));
    assert.equal(seeds.size, 2);
    await assertRefused(shop, id, { action: 'resubmit' }, 409, 'delivered');
  });

  shopTest('refund: one of three, its exact share, once; the others are delivered', {
    ...manual, sandbox: ['--generate-ms', '300', '--price', 'price_single:usd:100:One',
      '--price', 'price_triple:usd:1000:Three'],
  }, async (shop) => {
    const id = await heldOrder(shop, { priceId: 'price_triple' });
    const { claim } = await shown(shop, id);
    const unit = [0, 1, 2].find((one) => claim[`u${one}.state`] === 'held');
    await assertRefused(shop, id, { action: 'refund' }, 400, 'unit_missing');
    await assertRefused(shop, id, { action: 'refund', unit: (unit + 1) % 3 }, 409, 'delivered');
    const done = await mustAct(shop, id, { action: 'refund', unit });
    assert.deepEqual([done.units, done.videos], [[unit], [unit + 1]]);
    const seen = await shop.completed(id);
    await orderIs(shop, id, 'done');
    const [refund, ...more] = await refunds(shop);
    assert.deepEqual(more, []);
    assert.equal(refund.amount, unit === 0 ? 334 : 333);
    assert.equal(refund.metadata.claimcheck, `${id}/${unit}`);
    assert.equal((await registered(shop, id))[`claimcheck_u${unit}`], 'refund');
    assert.equal(seen.files.filter((one) => one.url).length, 2);
    await assertRefused(shop, id, { action: 'refund', unit }, 409, 'refunded');
    await assertRefused(shop, id, { action: 'deliver', unit, url: hand }, 409, 'refunded');
  });

  shopTest('refund: all that is not delivered, while it is being made', {
    sandbox: ['--generate-ms', '600000'] }, async (shop) => {
    const id = await shop.paidOrder({ quantity: 2 });
    await shop.statusWhen(id,
      (one) => one.files?.length === 2 && one.files.every((file) => file.fileId));
    const { units } = await mustAct(shop, id, { action: 'refund', all: true });
    assert.deepEqual(units, [0, 1]);
    const seen = await shop.statusWhen(id, (one) => one.status === 'error', patience);
    assert.deepEqual(seen.refund, { status: 'refunded', amount: 200, currency: 'usd' });
    assert.deepEqual((await refunds(shop)).map((one) => one.amount), [100, 100]);
  });

  shopTest('refund: passes the breaker, which stays open until it is released', {
    settings: { CLAIMCHECK_REFUNDS_PER_HOUR: '1' } }, async (shop) => {
    await shop.sandbox.faults(fails);
    const ids = [await shop.paidOrder(), await shop.paidOrder(), await shop.paidOrder()];
    const errors = async () => {
      const seen = await Promise.all(ids.map((id) => shop.status(id)));
      return ids.filter((id, i) => seen[i].status === 'error');
    };
    await eventually(async () => (await errors()).length === 1 &&
      /are stopped/.test((await run(['refunds', 'show'], shop.server.settings)).stdout));
    const [first, second] = ids.filter(((ended) => (id) => !ended.includes(id))(await errors()));
    await eventually(async () => (await shown(shop, first)).claim['u0.state'] === 'failed');
    const words = async () => (await shop.ask('GET', `/api/ops/sessions/${second}`,
      { headers: bearer })).json.words.join(' ');
    await eventually(async () => /waits until automatic refunds may go on/.test(await words()));
    await mustAct(shop, first, { action: 'refund' });
    await shop.statusWhen(first, (one) => one.status === 'error', patience);
    assert.equal((await refunds(shop)).length, 2);
    assert.equal((await shop.status(second)).status, 'processing');
    const release = () => shop.ask('POST', '/api/ops/breaker/release', { headers: bearer });
    assert.deepEqual((await release()).json, { done: true, was_open: true });
    assert.deepEqual((await release()).json, { done: true, was_open: false });
    assert.doesNotMatch(await words(), /waits until automatic refunds/);
  });

  shopTest('refund: never on top of a dispute', manual, async (shop) => {
    const id = await heldOrder(shop);
    await shop.sandbox.dispute(id);
    await mustAct(shop, id, { action: 'refund' });
    await eventually(async () =>
      (await shown(shop, id)).claim.reason === 'the payment is disputed');
    assert.deepEqual(await refunds(shop), []);
  });

  shopTest('deliver by hand: registered, shown, and never refunded afterwards', manual,
    async (shop) => {
      const id = await heldOrder(shop);
      for (const url of [undefined, 'http://videos.example/1.mp4', 'https://a:b@c/', 5]) {
        await assertRefused(shop, id, { action: 'deliver', url }, 400, 'invalid_url');
      }
      await mustAct(shop, id, { action: 'deliver', url: hand });
      const seen = await shop.completed(id);
      assert.equal(seen.files[0].url, hand);
      assert.deepEqual(await registered(shop, id), { claimcheck_u0: 'deliver' });
      assert.equal((await shop.generations()).length, 1);
      const error = await assertRefused(shop, id, { action: 'refund' }, 409, 'delivered');
      assert.match(error, /Dashboard/);
      assert.deepEqual(await refunds(shop), []);
    });

  shopTest('what the register has is not overruled: a wish for the other outcome', manual,
    async (shop) => {
      const id = await heldOrder(shop);
      const { payment_intent: intent } = await shop.stripeSession(id);
      const { charges } = await shop.sandbox.ledger('charges');
      const stripe = new Stripe('sk_test_person', {
        host: '127.0.0.1', port: new URL(shop.sandbox.url).port, protocol: 'http' });
      const charge = charges.find((one) => one.payment_intent === intent);
      await stripe.charges.update(charge.id, { metadata: { claimcheck_u0: 'refund' } });
      await mustAct(shop, id, { action: 'deliver', url: hand });
      const seen = await shop.statusWhen(id, (one) => one.status === 'error', patience);
      assert.equal(seen.files[0].url, undefined);
      assert.deepEqual((await refunds(shop)).map((one) => one.amount), [100]);
    });

  shopTest('erase: nothing of a person stays, the order does', {}, async (shop) => {
    const id = await shop.order({ customerEmail: `b@${privateWord}.example`, quantity: 2 });
    const patched = { body: { name: privateWord }, headers: bearer };
    assert.equal((await shop.ask('PATCH', `/api/sessions/${id}`, patched)).status, 200);
    await assertRefused(shop, id, { action: 'erase' }, 409, 'under_way');
    await shop.sandbox.pay(id);
    const before = await shop.completed(id);
    const found = async () => (await shop.ask('POST', '/api/ops/search',
      { body: { q: `b@${privateWord}.example` }, headers: bearer })).json.orders.length;
    assert.equal(await found(), 1);
    await mustAct(shop, id, { action: 'erase' });
    assert.equal(await found(), 0);
    assert.ok(!(await shop.redis('GET', `session:${id}`)).includes(privateWord));
    const { claim, history } = await shown(shop, id);
    assert.equal(claim.state, 'done');
    assert.equal(history.at(-1).why, 'operator: erase');
    const { status, files, prompt } = await shop.status(id);
    assert.deepEqual({ status, files }, { status: before.status, files: before.files });
    assert.equal(prompt, '');
  });

  shopTest('killed while it erases: the command can be repeated, and nothing of a person stays', {},
    async (shop) => {
      const id = await shop.paidOrder({ customerEmail: `b@${privateWord}.example` });
      await shop.completed(id);
      await shop.server.stop();
      await shop.start({ CLAIMCHECK_FAIL: 'erase.before_commit:kill' });
      await assert.rejects(act(shop, id, { action: 'erase' }));
      await shop.server.died();
      await shop.start();
      assert.ok(!(await shop.redis('GET', `session:${id}`)).includes(privateWord));
      await mustAct(shop, id, { action: 'erase' });
      assert.equal((await shown(shop, id)).history.at(-1).why, 'operator: erase');
      assert.equal((await shop.status(id)).status, 'completed');
    });

  shopTest('killed after the decision is stored: the order is found and goes on', manual,
    async (shop) => {
      const id = await heldOrder(shop);
      await shop.server.stop();
      await shop.start({ CLAIMCHECK_FAIL: 'action.before_wake:kill' });
      await shop.sandbox.faults(fails);
      await assert.rejects(act(shop, id, { action: 'refund' }));
      await shop.server.died();
      await shop.start();
      const scheduled = await shop.redis('ZSCORE', 'claimcheck:{p00}:due', id);
      assert.ok(Number(scheduled) / 1000 < Date.now() + 31000, scheduled);
      await shop.redis('ZADD', 'claimcheck:{p00}:due', '1000000', id);  // as if that were now
      await shop.statusWhen(id, (one) => one.status === 'error', patience);
      assert.deepEqual((await refunds(shop)).map((one) => one.amount), [100]);
    });

  shopTest('two decide at once: the second one decides about what the first has made of it', {
    ...manual, ownRedis: true }, async (shop) => {
    const id = await heldOrder(shop);
    await shop.server.stop();
    await shop.start({ CLAIMCHECK_FAIL: 'action.before_commit:stop' });
    const late = act(shop, id, { action: 'retry' });
    await eventually(() => shop.server.isStopped());
    const second = { ...shop.server.settings, CLAIMCHECK_FAIL: '' };
    const { code, stdout } = await run(['session', 'refund', id, '--note', 'asked'], second);
    assert.equal(code, done);
    assert.match(stdout, /^refund cs_test_.*registered at Stripe/);
    shop.server.resume();
    const { status, json } = await late;
    assert.deepEqual([status, json.code], [409, 'nothing_to_do']);
    await shop.statusWhen(id, (one) => one.status === 'error', patience);
    assert.deepEqual((await refunds(shop)).map((one) => one.amount), [100]);
    assert.equal((await shop.generations()).length, 1);
  });
});

describe('the routes of a person', () => {
  let shop;
  let id;
  before(async () => {
    shop = await Shop.open(manual);
    id = await shop.order();
  });
  after(() => shop?.close());

  test('are for the operator, and off without a token', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
      assert.equal((await act(shop, id, { action: 'look' }, headers)).status, 401);
      const release = await shop.ask('POST', '/api/ops/breaker/release', { headers });
      assert.equal(release.status, 401);
    }
    assert.equal((await shop.ask('GET', `/api/ops/sessions/${id}/actions`)).status, 405);
    const off = await Shop.open({ settings: { CLAIMCHECK_ADMIN_TOKEN: '' } });
    const { status, json } = await act(off, id, { action: 'look' });
    await off.close();
    assert.deepEqual([status, json.code], [404, 'operator_routes_off']);
  });

  test('name what is wrong with a request', async () => {
    for (const [body, code, param] of [
      ['', 'invalid_json'], ['[]', 'invalid_json'], [{}, 'invalid_action', 'action'],
      [{ action: 'refnd' }, 'invalid_action', 'action'],
      [{ action: 1 }, 'invalid_action', 'action'],
      [{ action: 'refund', unit: '0' }, 'invalid_unit', 'unit'],
      [{ action: 'refund', unit: 0.5 }, 'invalid_unit', 'unit'],
      [{ action: 'refund', units: [0] }, 'unknown_member', 'units'],
      [{ action: 'refund', all: 1 }, 'invalid_all', 'all'],
      [{ action: 'look', note: 'a\nb' }, 'invalid_note', 'note'],
      [{ action: 'look', note: 'x'.repeat(301) }, 'invalid_note', 'note']]) {
      const { status, json } = await act(shop, id, body);
      assert.deepEqual([status, json.code, json.param], [400, code, param], JSON.stringify(body));
    }
    assert.equal((await act(shop, id, { action: 'look', note: 'x'.repeat(20000) })).status, 413);
    assert.equal((await act(shop, 'nonsense', { action: 'look' })).status, 400);
    await assertRefused(shop, nobody, { action: 'look' }, 404, 'not_found');
    await assertRefused(shop, id, { action: 'refund' }, 409, 'not_paid');
  });

  test('the command line does the same, with its exit codes', async () => {
    const held = await heldOrder(shop);
    const said = async (code, ...args) => {
      const told = await session(shop, ...args);
      assert.equal(told.code, code, told.stderr + told.stdout);
      return code === done ? told.stdout : told.stderr;
    };
    assert.match(await said(done, 'look', held), /is looked at now/);
    assert.match(await said(failed, 'erase', held), /not done \(held\)/);
    assert.match(await said(usage, 'refund', held, '--video', '8'), /no video 8 \(unit 7 of/);
    assert.match(await said(usage, 'deliver', held, '--url', 'http://x/1'), /https address/);
    assert.match(await said(usage, 'retry', 'pi_1'), /is not a session id/);
    assert.match(await said(missing, 'retry', nobody), /no such order/);
    await said(usage, 'deliver', held);
    await said(usage, 'refund');
    const told = await said(done, 'resubmit', held, '--video', '1', '--note', 'once more');
    assert.match(told, /one more generation is bought/);
    assert.match(told, /video 1 +waiting/);
    await shop.completed(held);
    assert.match(await said(done, 'show', held),
      /operator \S+ \(command line\): resubmit video 1: once more/);
    assert.match(await said(failed, 'refund', held), /delivered; refund it in Stripe's Dashboard/);
    assert.match(await said(done, 'erase', held), /prompt, e-mail address/);
    assert.match(await said(done, 'show', held), /^prompt +0 bytes$/m);
  });
});
