// A shop on a primary with a replica, watched by three Sentinels: primaries are killed, the shop
// goes on. On every server that is here.
'use strict';
const assert = require('node:assert/strict');
const path = require('node:path');
const { describe } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { OwnRedis, OwnSentinel } = require('./support/redis.js');
const { eventually } = require('./support/sandbox.js');
const { servers } = require('./support/servers.js');
const { parallel, shopTest } = require('./support/shop.js');

const failovers = 2;
// A submit whose answer could not be stored is looked up after 75 s; a lease lasts for 30 s.
const patienceMs = 150000;

class Watched {
  static async of(shop, program) {
    const watched = new Watched();
    const primary = String(shop.ownRedis.port);
    watched.servers = [shop.ownRedis, await OwnRedis.start(path.join(shop.folder, 'second'), {
      program, more: ['--replicaof', '127.0.0.1', primary],
    })];
    watched.sentinels = [];
    for (const name of ['s1', 's2', 's3']) {
      watched.sentinels.push(
        await OwnSentinel.start(path.join(shop.folder, name), primary, { program }));
    }
    return watched;
  }

  url() {
    const { username, password } = new URL(this.servers[0].url);
    const hosts = this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return `redis-sentinel://${username}:${password}@${hosts}/shop`;
  }

  // A Sentinel that does not know the replica could promote none.
  async ready() {
    for (const sentinel of this.sentinels) {
      await eventually(async () =>
        (await sentinel.ask('SENTINEL', 'REPLICAS', 'shop'))
          .match(/^master-link-status\nok$/gm)?.length === 1 &&
        (await sentinel.ask('SENTINEL', 'CKQUORUM', 'shop')).startsWith('OK 3'));
    }
  }

  async primary() {
    const port = await this.sentinels[0].primary();
    return this.servers.find((server) => server.port === port);
  }

  async end() {
    for (const one of [...this.sentinels, ...this.servers]) await one.end();
  }
}

for (const [name, program] of Object.entries(servers)) {
  describe(`Sentinels of ${name}`, parallel, () => {
    shopTest('a primary that is killed is followed; no order is lost or made twice', {
      ownRedis: true, redisOptions: { program },
    }, async (shop) => {
      const watched = await Watched.of(shop, program);
      try {
        await watched.ready();
        await shop.server.stop();
        await shop.start({
          REDIS_URL: watched.url(), CLAIMCHECK_DURABILITY: 'disk+replicas:1',
          CLAIMCHECK_REDIS_SENTINEL_PASSWORD: OwnSentinel.password,
        });
        await shop.ready();
        const orders = [await shop.paidOrder()];
        await shop.completed(orders[0]);
        for (let i = 0; i < failovers; ++i) {
          orders.push(await shop.paidOrder());
          const killed = await watched.primary();
          await killed.end();
          await eventually(async () => (await watched.primary()) !== killed);
          await killed.begin();  // a Sentinel makes it a replica
          await shop.ready();
          await shop.completed(orders.at(-1), patienceMs);
          await watched.ready();
        }
        for (const order of orders) await shop.completed(order);
        assert.equal((await shop.generations()).length, orders.length);
        const { code, stdout } = await run(['doctor'], { ...shop.server.settings });
        assert.equal(code, 0, stdout);
      } finally {
        await watched.end();
      }
    });
  });
}
