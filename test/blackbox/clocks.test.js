// A clock that is wrong, on real processes: Redis' machine is hours or days ahead or behind for a
// while. No deadline ends or refunds anything meanwhile, work goes on, and doctor says which it is.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { defaults, run, secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const operator = { headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` } };
const withClock = { ownRedis: true, redisOptions: { movesClock: true } };
const hour = 3600;

const clockWrong = async (shop) =>
  (await shop.ask('GET', '/api/ops/stats', operator)).json.now.clockWrong;
const doctor = (shop) => run(['doctor'], {
  ...defaults, ...shop.settings, STRIPE_API_URL: shop.sandbox.url });

describe('the clock of Redis\' machine', parallel, () => {
  for (const [what, seconds] of Object.entries({
    'an hour ahead': hour, 'an hour behind': -hour,
    'two days ahead': 48 * hour, 'two days behind': -48 * hour,
  })) {
    shopTest(`${what} for a while refunds nothing, and no order stands still`, {
      ...withClock, sandbox: ['--generate-ms', '8000'],
    }, async (shop) => {
      const before = await Promise.all([1, 2, 3].map(() => shop.paidOrder()));
      await Promise.all(before.map((id) => shop.statusWhen(id, (seen) => seen.fileId)));
      shop.ownRedis.clock.set(seconds);
      await eventually(() => clockWrong(shop), { what: 'the clock to be called wrong' });
      const during = await shop.paidOrder();
      await Promise.all([...before, during].map((id) => shop.completed(id, 60000)));
      shop.ownRedis.clock.set(0);
      await eventually(async () => !await clockWrong(shop),
        { withinMs: 90000, what: 'the clocks to agree again' });
      await shop.completed(await shop.paidOrder(), 60000);
      assert.deepEqual((await shop.sandbox.ledger('refunds')).refunds, []);
      assert.equal((await shop.generations()).length, 5);
    });
  }
});

describe('claimcheck doctor', parallel, () => {
  shopTest('says that the clock of Redis\' machine is wrong', withClock, async (shop) => {
    assert.doesNotMatch((await doctor(shop)).stdout, /clocks/);
    shop.ownRedis.clock.set(hour);
    assert.match((await doctor(shop)).stdout,
      /^doubt +clocks +the clock of Redis' machine is wrong, (3600|3599) s ahead: set it by NTP$/m);
  });

  shopTest('says that the clock of this machine, and that of Redis, are wrong', withClock,
    async (shop) => {
      await shop.sandbox.advance(hour);
      assert.match((await doctor(shop)).stdout,
        /^doubt +clocks +the clocks of this machine and of Redis' are wrong, \d+ s behind: set/m);
    });
});
