// Where a write is before it is answered, and what a Redis must be to be written to: on every
// server that is here (the system's, Redis 8, Valkey 8).
'use strict';
const assert = require('node:assert/strict');
const path = require('node:path');
const { describe } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { OwnRedis } = require('./support/redis.js');
const { eventually } = require('./support/sandbox.js');
const { servers } = require('./support/servers.js');
const { parallel, shopTest } = require('./support/shop.js');

function doctor(shop, more = {}) {
  return run(['doctor'], { ...shop.server.settings, ...more });
}

for (const [name, program] of Object.entries(servers)) {
  describe(`writes on ${name}`, parallel, () => {
    shopTest('B9 replicas:1: nothing is accepted while the replica lags, nothing is lost', {
      ownRedis: true, redisOptions: { program },
    }, async (shop) => {
      const replica = await OwnRedis.start(path.join(shop.folder, 'replica'), {
        program, more: ['--replicaof', '127.0.0.1', String(shop.ownRedis.port)],
      });
      try {
        await shop.server.stop();
        await shop.start({ CLAIMCHECK_DURABILITY: 'disk+replicas:1' });
        await shop.ready();
        await shop.completed(await shop.paidOrder());

        const order = await shop.order();
        replica.freeze();
        await eventually(async () => (await shop.ask('GET', '/readyz')).status === 503);
        assert.equal((await shop.checkout()).status, 503);
        await shop.sandbox.pay(order);
        const refused = await eventually(() => shop.server.events('webhook_not_kept')[0]);
        assert.match(refused.why, /0 of 1 replicas/);
        assert.equal((await shop.generations()).length, 1, 'made on a write that may be lost');
        replica.thaw();
        await shop.completed(order);
        assert.equal((await shop.generations()).length, 2);
        assert.equal(await replica.ask('GET', `session:${order}`),
          await shop.redis('GET', `session:${order}`));
      } finally {
        await replica.end();
      }
    });

    shopTest('disk without appendfsync always: WAITAOF where there is one, else refused', {
      ownRedis: true, redisOptions: { program, more: ['--appendfsync', 'everysec'] },
    }, async (shop) => {
      const disk = { CLAIMCHECK_DURABILITY: 'disk' };
      const waits = async () => Number(/cmdstat_waitaof:calls=(\d+)/.exec(
        await shop.redis('INFO', 'commandstats'))?.[1] ?? 0);
      const told = await doctor(shop, disk);
      if (program === 'redis-server') {
        assert.match(told.stdout, /REFUSED +disk .* set appendonly yes and appendfsync always/);
        const refused = await run(['serve'], { ...shop.server.settings, ...disk });
        assert.equal(refused.code, 4);
        return;
      }
      assert.match(told.stdout, /doubt +disk .*WAITAOF/);
      assert.equal(await waits(), 0);
      await shop.server.stop();
      await shop.start(disk);
      await shop.completed(await shop.paidOrder());
      assert.ok(await waits() > 0);
    });

    shopTest('B5 an evicting policy: refused at the start, and turned away while serving', {
      ownRedis: true, redisOptions: { program },
    }, async (shop) => {
      const waiting = await shop.order();
      await shop.redis('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru');
      await eventually(async () => (await shop.ask('GET', '/readyz')).status === 503);
      assert.equal((await shop.checkout()).json.code, 'store_unsafe');
      assert.equal((await shop.status(waiting)).status, 'pending');
      const { code, stdout } = await doctor(shop);
      assert.equal(code, 1);
      assert.match(stdout, /REFUSED +eviction +maxmemory-policy volatile-lru .* set noeviction/);
      const second = await run(['serve'], { ...shop.server.settings });
      assert.equal(second.code, 4);
      assert.match(second.stderr, /"start_failed".*set noeviction/);
      await shop.redis('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      await shop.ready();
      await shop.sandbox.pay(waiting);
      await shop.completed(waiting);
    });

    shopTest('B6 a primary that becomes a replica is left until it is a primary again', {
      ownRedis: true, redisOptions: { program },
    }, async (shop) => {
      const order = await shop.order();
      await shop.redis('REPLICAOF', '127.0.0.1', '1');
      await eventually(async () => (await shop.ask('GET', '/readyz')).status === 503);
      assert.equal((await shop.checkout()).status, 503);
      await shop.sandbox.pay(order);
      const left = () => shop.server.events('redis_lost').some((l) => /replica/.test(l.reason));
      await eventually(left);
      assert.equal((await doctor(shop)).code, 4);
      await shop.redis('REPLICAOF', 'NO', 'ONE');
      await shop.ready();
      await shop.completed(order);
      assert.equal((await shop.generations()).length, 1);
    });

    shopTest('doctor: what is there, and which Redis is ours', {
      ownRedis: true, redisOptions: { program },
    }, async (shop) => {
      const good = await doctor(shop);
      assert.equal(good.code, 0, good.stdout + good.stderr);
      for (const line of [/^ok +version +\d/m, /^ok +role +primary/m, /^ok +eviction/m,
        /^ok +disk +every write/m, /^ok +clock +Redis/m, /^ok +stripe/m,
        /^ok +clock +our clock is \d s from Stripe's/m]) {
        assert.match(good.stdout, line);
      }
      const epoch = /^ok +epoch +([0-9a-f]{32}) /m.exec(good.stdout)[1];
      assert.equal((await doctor(shop, { CLAIMCHECK_EPOCH: epoch })).code, 0);
      await shop.server.stop();
      await shop.redis('FLUSHALL');
      const emptied = { ...shop.server.settings, CLAIMCHECK_EPOCH: epoch };
      const { code, stderr } = await run(['serve'], emptied);
      assert.equal(code, 4);
      assert.match(stderr, /"start_failed".*CLAIMCHECK_EPOCH/);
      assert.equal(await shop.redis('DBSIZE'), '0', 'it wrote into a Redis that is not ours');
      assert.match((await doctor(shop, { CLAIMCHECK_EPOCH: epoch })).stdout, /REFUSED +epoch/);
      await shop.start();
    });
  });
}
