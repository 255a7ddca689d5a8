// A generator with limits: its jobs at once, of all processes together, in the order of payment
// and in turns between tools; the place that the buyer sees; places of a process that was killed.
// The sandbox's list of jobs is the judge.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const operatorToken = '0123456789abcdef-operator';
const settings = { SUPERDUPERAI_TOKEN: '', CLAIMCHECK_ADMIN_TOKEN: operatorToken };
const two = {
  STRIPE_PRICE_IDS: 'price_single:veo3-prompt-generator,price_triple:other:3',
};
function config(limits) {
  return (url) => `[generator.fal]\nkind = "fal"\nurl = "${url}/fal"\n`
    + `key = "fal-id:fal-secret"\n${limits}\n`
    + '[tool.veo3-prompt-generator]\ngenerators = ["fal:fal-ai/veo3/fast"]\n'
    + '[tool.other]\ngenerators = ["fal:fal-ai/veo3/fast"]\n'
    + 'durations = [8]\nresolutions = ["1280x720"]\nstyles = ["cinematic"]\n';
}
const slow = ['--generate-ms', '1500'];
const endless = '{"match":"POST /fal/*","times":0,"action":{"task":"never"}}';

async function jobs(shop) {
  return (await shop.sandbox.ledger('generations')).generations;
}
// The largest number of jobs that ran at one moment.
function mostAtOnce(made) {
  const at = (text) => Date.parse(text);
  return Math.max(...made.map((one) => made.filter((other) => at(other.at) <= at(one.at) &&
    (!other.ended || at(other.ended) > at(one.at))).length));
}
async function metric(server, name) {
  const headers = { authorization: `Bearer ${operatorToken}` };
  const text = await (await fetch(`${server.url}/metrics`, { headers })).text();
  return Number(text.match(new RegExp(`^${name}{generator="fal"} (\\d+)$`, 'm'))?.[1]);
}

describe('a generator with limits', parallel, () => {
  shopTest('has no more jobs at once than it may, of two processes, first paid first',
    { ownRedis: true, sandbox: slow, settings, config: config('concurrency = 2') },
    async (shop) => {
      const second = await shop.another();
      try {
        const ids = [];
        for (let i = 0; i < 7; ++i) {
          const id = await shop.order({ prompt: `order ${i}` });
          await shop.sandbox.pay(id);
          ids.push(id);
          await eventually(async () => (await shop.redis(
            'HGET', `claim:{session:${id}}`, 'state')) === 'paid');
        }
        for (const id of ids) await shop.completed(id, 120000);
        const made = await jobs(shop);
        assert.deepEqual(made.map((one) => one.prompt), ids.map((id, i) => `order ${i}`));
        assert.equal(mostAtOnce(made), 2);
      } finally {
        await second.stop();
      }
    });

  shopTest('the buyer sees the place in line, and the operator how many wait',
    { ownRedis: true, settings, config: config('concurrency = 1'),
      sandbox: ['--faults', `[${endless}]`] },
    async (shop) => {
      const first = await shop.paidOrder();
      await eventually(async () => (await jobs(shop)).length === 1);
      const [made] = await jobs(shop);
      const ids = [];
      for (let i = 1; i <= 3; ++i) {
        ids.push(await shop.paidOrder());
        const seen = await shop.statusWhen(ids.at(-1), (one) => one.queue?.place === i);
        assert.equal(seen.notice, 'queued');
        assert.equal(seen.status, 'processing');
        assert.ok(Date.parse(seen.waitsUntil) > Date.now());
      }
      assert.equal((await shop.status(first)).queue, undefined);
      assert.equal(await metric(shop.server, 'claimcheck_generator_running'), 1);
      assert.equal(await metric(shop.server, 'claimcheck_generator_waiting'), 3);
      const { json } = await shop.ask('GET', '/api/ops/stats',
        { headers: { authorization: `Bearer ${operatorToken}` } });
      assert.deepEqual(json.now.generators,
        [{ name: 'fal', running: 1, waiting: 3, away: null, since: null }]);
      assert.equal((await jobs(shop)).length, 1);
      await shop.sandbox.clearFaults();
      await shop.sandbox.finishGeneration(made.id, 'completed');
      await shop.statusWhen(ids[2], (one) => !one.queue || one.queue.place < 3);
      for (const id of [first, ...ids]) await shop.completed(id, 60000);
      const line = await shop.status(ids[2]);
      assert.equal(line.notice, undefined);
      assert.equal(mostAtOnce(await jobs(shop)), 1);
    });

  // All orders are in line before the second video is made, also on a busy machine.
  shopTest('tools take turns', { ownRedis: true, sandbox: ['--generate-ms', '4000'],
    settings: { ...settings, ...two }, config: config('concurrency = 1') },
  async (shop) => {
    const many = [];
    for (let i = 0; i < 4; ++i) {
      many.push(await shop.paidOrder({ prompt: `many ${i}` }));
      await eventually(async () => (await shop.redis(
        'HGET', `claim:{session:${many[i]}}`, 'state')) === 'paid');
    }
    const few = await shop.paidOrder({ prompt: 'few', priceId: 'price_triple', toolSlug: 'other' });
    for (const id of [...many, few]) await shop.completed(id, 120000);
    const made = (await jobs(shop)).map((one) => one.prompt.split(' ')[0]);
    assert.equal(made.length, 7);
    const begun = made.indexOf('few');
    assert.ok(begun <= 2, made.join());  // it does not wait for all four
    // From then on in turns, while both tools have orders.
    const both = made.slice(begun, begun + 2 * Math.min(3, 4 - begun));
    both.forEach((tool, i) => assert.equal(tool, i % 2 ? 'many' : 'few', made.join()));
  });

  shopTest('a killed process keeps no places: its jobs go on, and then the line',
    { ownRedis: true, sandbox: slow, settings, config: config('concurrency = 1') },
    async (shop) => {
      await shop.server.stop();
      await shop.start({ CLAIMCHECK_FAIL: 'submit.after_call:kill' });
      const first = await shop.paidOrder({ prompt: 'first' });
      await shop.server.died();
      await shop.start();
      const next = await shop.paidOrder({ prompt: 'next' });
      await shop.statusWhen(next, (one) => one.notice === 'queued');
      assert.equal((await jobs(shop)).length, 1);
      // Whether the first was accepted, nobody can tell: it is repeated after the settle time, in
      // its own place.
      await shop.completed(first, 150000);
      await shop.completed(next, 150000);
      const made = await jobs(shop);
      assert.deepEqual(made.map((one) => one.prompt), ['first', 'first', 'next']);
      assert.equal(mostAtOnce(made), 1);
    });

  shopTest('submits keep their distance',
    { ownRedis: true, settings, config: config('submits_per_minute = 20') },
    async (shop) => {
      const ids = await Promise.all([0, 1, 2].map(() => shop.paidOrder()));
      for (const id of ids) await shop.completed(id, 60000);
      const at = (await jobs(shop)).map((one) => Date.parse(one.at)).sort((a, b) => a - b);
      // The place is given before the call, so a slow first call may shorten what the sandbox sees.
      for (let i = 1; i < at.length; ++i) assert.ok(at[i] - at[i - 1] > 1500, at.join());
    });
});
