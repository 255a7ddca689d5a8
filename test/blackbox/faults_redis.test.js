// Redis fails in every way it has, in the middle of orders: killed, away, slow, full, failed over
// with loss, behind a link that is silent or loses replies. Whatever was accepted is made once, and
// nothing is paid back because Redis was away. Tests are named after the faults they provoke.
'use strict';
const assert = require('node:assert/strict');
const path = require('node:path');
const { describe } = require('node:test');
const { Proxy } = require('../torture/proxy.js');
const { RedisPair } = require('../torture/redis_pair.js');
const { pause } = require('../torture/time.js');
const { redis } = require('./support/redis.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const own = { ownRedis: true, sandbox: ['--generate-ms', '1500'] };
const slowly = { ...own, sandbox: ['--generate-ms', '6000'] };
const endless = { ...own, sandbox: ['--generate-ms', '3600000'] };  // until the test ends it
const patience = 200000;  // an unclear submit is left alone for 75 s, then looked up twice

async function refunds(shop) { return (await shop.sandbox.ledger('refunds')).refunds; }
function begun(shop, id) { return shop.statusWhen(id, (one) => one.fileId); }
// All of them, each made once and none paid back.
async function allMade(shop, ids) {
  for (const id of ids) await shop.completed(id, patience);
  assert.equal((await shop.generations()).length, ids.length);
  assert.deepEqual(await refunds(shop), []);
}
// The shop's claimcheck reaches its Redis through a proxy from now on.
async function behindProxy(shop, use) {
  const proxy = await Proxy.open([shop.ownRedis.port]);
  try {
    await shop.server.stop();
    await shop.start({ REDIS_URL: shop.ownRedis.urlAt(proxy.port) });
    await use(proxy);
  } finally {
    proxy.heal();
    await shop.server.stop();
    proxy.close();
    await shop.start();
  }
}

describe('Redis fails', parallel, () => {
  shopTest('B1 killed and started again: every order is there and goes on', own, async (shop) => {
    const [unpaid, ...paid] = [await shop.order(), await shop.paidOrder(), await shop.paidOrder()];
    await begun(shop, paid[0]);
    await shop.ownRedis.end();
    await shop.ownRedis.begin();
    await shop.ready();
    await shop.sandbox.pay(unpaid);
    await allMade(shop, [unpaid, ...paid]);
  });

  shopTest('B2 away: every door says 503, nothing is decided, and all goes on after', endless,
    async (shop) => {
      const [failing, unpaid] = [await shop.paidOrder(), await shop.order()];
      const { fileId } = await begun(shop, failing);
      await shop.ownRedis.end();
      await shop.sandbox.finishGeneration(fileId, 'error');
      await shop.sandbox.pay(unpaid);
      await eventually(async () => (await shop.deliveries(unpaid)).some((d) => d.status === 503));
      assert.equal((await shop.checkout()).status, 503);
      assert.equal((await shop.ask('GET', `/api/webhook-status/${failing}`)).status, 503);
      assert.equal((await shop.ask('GET', '/readyz')).status, 503);
      assert.equal((await shop.ask('GET', '/healthz')).status, 200);
      await pause(5000);  // long enough to ask the generator
      assert.deepEqual(await refunds(shop), []);
      await shop.ownRedis.begin();
      const made = await shop.statusWhen(unpaid, (one) => one.fileId, patience);
      await shop.sandbox.finishGeneration(made.fileId, 'completed');
      await shop.completed(unpaid, patience);
      await shop.statusWhen(failing, (one) => one.refund?.status === 'refunded', patience);
      assert.equal((await refunds(shop)).length, 1);
    });

  shopTest('B3 slow: writes wait five seconds, then it freezes: each order is made once', own,
    async (shop) => {
      const ids = [await shop.paidOrder()];
      await begun(shop, ids[0]);
      await shop.redis('CLIENT', 'PAUSE', '5000', 'WRITE');
      ids.push((await shop.checkout()).json.sessionId);
      await pause(5000);
      shop.ownRedis.freeze();
      await eventually(async () => (await shop.ask('GET', '/readyz')).status === 503);
      shop.ownRedis.thaw();
      await shop.ready();
      ids[1] ??= await shop.order();
      await shop.sandbox.pay(ids[1]);
      await allMade(shop, ids);
    });

  shopTest('B4 full: nothing new is taken, what was taken comes to its end', slowly,
    async (shop) => {
      const [waiting, unpaid] = [await shop.paidOrder(), await shop.order()];
      await begun(shop, waiting);
      await shop.redis('CONFIG', 'SET', 'maxmemory', '1');
      const refused = await shop.checkout();
      assert.deepEqual([refused.status, refused.json.code], [503, 'store_unavailable']);
      await shop.completed(waiting);
      await shop.sandbox.pay(unpaid);
      await eventually(async () => (await shop.deliveries(unpaid)).length > 0);
      await shop.redis('CONFIG', 'SET', 'maxmemory', '0');
      await allMade(shop, [waiting, unpaid]);
    });

  shopTest('B7 failed over with loss: delivered once, whatever the new one knows', {
    ...own, settings: { CLAIMCHECK_DURABILITY: 'disk' },
  }, async (shop) => {
    const pair = await RedisPair.start(path.join(shop.folder, 'pair'));
    const proxy = await Proxy.open([pair.primary.port]);
    pair.proxies.push(proxy);
    try {
      await shop.server.stop();
      await shop.start({ REDIS_URL: shop.ownRedis.urlAt(proxy.port) });
      const [early, late] = [await shop.order(), await shop.order()];
      await pair.inSync();
      let shown;
      const lossy = pair.failOverWithLoss(8000);
      for (const id of [early, late]) await shop.sandbox.pay(id);
      shown = await shop.completed(early);
      await shop.completed(late);
      await lossy;
      assert.ok(pair.bytesLost > 0);
      await shop.ready();
      const after = await redis(`redis://127.0.0.1:${pair.primary.port}`,
        'HGET', `claim:{session:${early}}`, 'state');
      assert.notEqual(after, 'done', 'the new primary knew it all');
      for (const id of [early, late]) await shop.completed(id, patience);
      assert.deepEqual((await shop.status(early)).files.map((one) => one.fileId),
        shown.files.map((one) => one.fileId));
      assert.equal((await shop.generations()).length, 2);
      assert.deepEqual(await refunds(shop), []);
      await shop.server.stop();
    } finally {
      proxy.close();
      await pair.stop();
      await shop.start();
    }
  });

  shopTest('B18 a link that is silent: noticed in seconds, left, and all goes on', own,
    (shop) => behindProxy(shop, async (proxy) => {
      const id = await shop.paidOrder();
      await begun(shop, id);
      proxy.stop();
      await eventually(async () => (await shop.ask('GET', '/readyz')).status === 503);
      assert.equal((await shop.checkout()).status, 503);
      await shop.server.event('redis_lost');
      proxy.go();
      await allMade(shop, [id]);
    }));

  shopTest('B19 replies get lost after the scripts ran: each order is made once', own,
    (shop) => behindProxy(shop, async (proxy) => {
      const unpaid = [await shop.order(), await shop.order(), await shop.order()];
      let replies = 0;
      proxy.script = (link, chunk, isReply) => (isReply && ++replies % 7 === 0 ? null : chunk);
      for (const id of unpaid) await shop.sandbox.pay(id);
      await pause(6000);
      proxy.script = null;
      assert.ok(shop.server.events('redis_lost').length > 0);
      await allMade(shop, unpaid);
    }));

  shopTest('B20 replies that come too late answer nobody else\'s question', own,
    (shop) => behindProxy(shop, async (proxy) => {
      const prompts = Array.from({ length: 6 }, (_, i) => `zebrafinch number ${i}`);
      const ids = [];
      for (const prompt of prompts) ids.push(await shop.order({ prompt }));
      let right = 0;
      const ask = async (i) => {
        const { status, json } = await shop.ask('GET', `/api/webhook-status/${ids[i]}`);
        if (status !== 200) return assert.equal(status, 503);
        ++right;
        assert.equal(json.prompt, prompts[i]);
      };
      let replies = 0;
      proxy.script = async (link, chunk, isReply) => {
        if (isReply && ++replies % 6 === 0) await pause(6000);  // longer than our patience
        return chunk;
      };
      for (let round = 0; round < 10; ++round) await Promise.all(ids.map((_, i) => ask(i)));
      proxy.script = null;
      await shop.ready();
      await Promise.all(ids.map((_, i) => ask(i)));
      assert.ok(right >= ids.length);
      assert.ok(shop.server.events('redis_lost').length > 0);
    }));

  shopTest('B22 the session value is deleted, or replaced by the site, while the job runs', slowly,
    async (shop) => {
      const [gone, replaced] = [await shop.paidOrder(), await shop.paidOrder()];
      for (const id of [gone, replaced]) await begun(shop, id);
      const value = JSON.parse(await shop.redis('GET', `session:${replaced}`));
      const theirs = JSON.stringify({ ...value, note: 'kept', status: 'pending' });
      await shop.redis('SETEX', `session:${replaced}`, '3600', theirs);
      await shop.redis('DEL', `session:${gone}`);
      await allMade(shop, [gone, replaced]);
      const after = JSON.parse(await shop.redis('GET', `session:${replaced}`));
      assert.deepEqual([after.note, after.status], ['kept', 'completed']);
      assert.ok(Number(await shop.redis('TTL', `session:${replaced}`)) > 3600);
    });
});
