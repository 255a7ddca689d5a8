// Kept status answers. Writers and readers race over two processes and one Redis: whoever has seen
// a state, or had a write acknowledged, is shown no older one, whichever process he asks. And what
// keeping answers is for: a question costs Redis no reading, a client that has the answer no bytes.
'use strict';
const assert = require('node:assert/strict');
const http = require('node:http');
const path = require('node:path');
const { describe } = require('node:test');
const { RedisLink } = require('../../bench/redis_link.js');
const { Proxy } = require('../torture/proxy.js');
const { RedisPair } = require('../torture/redis_pair.js');
const { pause } = require('../torture/time.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const own = { ownRedis: true };
// Each question comes from another client, as claimcheck limits each of them.
const crowd = { ...own, settings: { CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1' } };
const writesLeast = 1500;
const questionsLeast = 500;
const readers = 12;
const keptAlive = new http.Agent({ keepAlive: true });

// The title that the buyer is shown. With node's own client, as fetch is too slow to race.
function titleAt(server, id, number) {
  const client = `10.1.${number >> 8 & 255}.${number & 255}`;
  const options = { agent: keptAlive, headers: { 'x-forwarded-for': client } };
  return new Promise((resolve, reject) => {
    http.get(`${server.url}/api/webhook-status/${id}`, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => { text += part; });
      answer.on('end', () => resolve(Number(JSON.parse(text).toolTitle)));
    }).on('error', reject);
  });
}

const readsOf = async (shop) => {
  const stats = await shop.redis('INFO', 'commandstats');
  return Number(/cmdstat_get:calls=(\d+)/.exec(stats)?.[1] ?? 0);
};

// The shop's claimcheck reaches its Redis through a proxy, which knows the connection of the
// announcements and calls proxy.beforeReply for each piece of what comes over it.
async function behindProxy(shop, targets, use) {
  const proxy = await Proxy.open(targets);
  proxy.script = async (link, chunk, isReply) => {
    if (chunk.includes('TRACKING')) link.announces = true;
    if (isReply && link.announces) await proxy.beforeReply?.();
    return chunk;
  };
  try {
    await shop.server.stop();
    await shop.start({ REDIS_URL: shop.ownRedis.urlAt(proxy.port) });
    await use(proxy);
  } finally {
    await shop.server.stop();
    proxy.close();
    await shop.start();
  }
}

// An unpaid order, whose status is kept: nobody works on it for its first seconds.
async function keptOrder(shop) {
  const id = await shop.order();
  await shop.status(id);
  return id;
}

async function writeTitle(redis, id, toolTitle) {
  const value = JSON.parse(await redis.ask('GET', `session:${id}`));
  await redis.ask('SET', `session:${id}`, JSON.stringify({ ...value, toolTitle }));
}

describe('kept status answers', parallel, () => {
  shopTest('two processes: nobody is shown an older state than one that was acknowledged', crowd,
    async (shop) => {
      const second = await shop.another();
      const servers = [shop.server, second];
      const link = await RedisLink.open(shop.ownRedis.port);
      try {
        const ids = [await shop.order(), await shop.order()];
        const values = new Map();
        for (const id of ids) values.set(id, JSON.parse(await shop.redis('GET', `session:${id}`)));
        const known = new Map(ids.map((id) => [id, 0]));
        const see = (id, title) => known.set(id, Math.max(known.get(id), title));
        let over = false;
        let asked = 0;
        const write = async () => {
          for (let title = 1; title <= writesLeast || asked < questionsLeast; ++title) {
            const id = ids[title % ids.length];
            const value = { ...values.get(id), toolTitle: String(title) };
            await link.ask('SET', `session:${id}`, JSON.stringify(value));
            see(id, title);
          }
          over = true;
        };
        const read = async (number) => {
          while (!over) {
            const id = ids[number % ids.length];
            const least = known.get(id);
            const title = await titleAt(servers[++asked % servers.length], id, asked);
            if (!Number.isNaN(title)) see(id, title);
            assert.ok(least === 0 || title >= least, `${title} was shown after ${least}`);
          }
        };
        await Promise.all([write(), ...Array.from({ length: readers }, (_, i) => read(i))]);
      } finally {
        link.close();
        await second.stop();
      }
    });

  shopTest('a question that was answered before costs Redis no reading', own, async (shop) => {
    const id = await shop.order();
    await eventually(async () => {
      const before = await readsOf(shop);
      for (let i = 0; i < 20; ++i) await shop.status(id);
      return await readsOf(shop) - before <= 1;  // the server looks at other keys, too
    });
    await shop.redis('DEL', `session:${id}`);
    assert.equal((await shop.ask('GET', `/api/webhook-status/${id}`)).status, 404);
  });

  shopTest('a client that has the answer gets 304, and the new one after a change', own,
    async (shop) => {
      const id = await shop.order();
      const ask = (tag) => fetch(`${shop.server.url}/api/webhook-status/${id}`,
        { headers: tag ? { 'if-none-match': tag } : {} });
      const first = await ask();
      const tag = first.headers.get('etag');
      assert.match(tag, /^"[^"]+"$/);
      assert.equal(first.headers.get('cache-control'), 'no-store');
      for (const known of [tag, `W/${tag}, "other"`]) {
        const same = await ask(known);
        assert.deepEqual([same.status, same.headers.get('etag'), await same.text()],
          [304, tag, '']);
      }
      assert.equal((await ask('"other"')).status, 200);
      await shop.sandbox.pay(id);
      await shop.completed(id);
      const later = await ask(tag);
      assert.equal(later.status, 200);
      assert.notEqual(later.headers.get('etag'), tag);
    });

  shopTest('announcements that come late, or never: the answer is not older than its question', own,
    (shop) => behindProxy(shop, [shop.ownRedis.port], async (proxy) => {
      const id = await keptOrder(shop);
      const write = (title) => writeTitle(shop.ownRedis, id, title);
      const seen = async () => (await shop.status(id)).toolTitle;
      proxy.beforeReply = () => pause(200);
      await write('late');
      assert.equal(await seen(), 'late');
      await seen();
      proxy.beforeReply = () => new Promise(() => null);
      await write('never');
      assert.equal(await seen(), 'never');
    }));

  shopTest('another primary: announcements of the old one are no longer believed', own,
    async (shop) => {
      const pair = await RedisPair.start(path.join(shop.folder, 'pair'));
      try {
        await behindProxy(shop, [pair.primary.port], async (proxy) => {
          const id = await keptOrder(shop);
          await pair.inSync();
          await pair.replica.ask('REPLICAOF', 'NO', 'ONE');
          proxy.targets = [pair.replica.port];
          // Only the store's connection breaks. The old primary is there, and announces nothing.
          for (const link of [...proxy.links]) if (!link.announces) link.end();
          await shop.server.event('redis_lost');
          await shop.ready();
          await writeTitle(pair.replica, id, 'new');
          assert.equal((await shop.status(id)).toolTitle, 'new');
        });
      } finally {
        await pair.stop();
      }
    });
});
