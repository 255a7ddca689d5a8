// SentinelPair: a RedisPair that three Sentinels watch. They alone choose the primary, also when it
// was only slow. Services ask them where it is, so no proxy stands between.
'use strict';
const path = require('node:path');
const { OwnSentinel } = require('../blackbox/support/redis.js');
const { eventually } = require('../blackbox/support/sandbox.js');
const { RedisPair, follow, isGone, options } = require('./redis_pair.js');

const downAfterMs = 2000;
const names = ['sentinel-a', 'sentinel-b', 'sentinel-c'];

class SentinelPair extends RedisPair {
  static async start(folder) {
    const pair = await super.start(folder);
    pair.sentinels = [];
    for (const name of names) {
      pair.sentinels.push(await OwnSentinel.start(path.join(folder, name), pair.primary.port,
        { downAfterMs }));
    }
    pair.failovers = 0;
    await pair.settled();
    return pair;
  }

  get url() {
    const { username, password } = new URL(this.primary.url);
    const hosts = this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return `redis-sentinel://${username}:${password}@${hosts}/shop`;
  }

  // Until all Sentinels name one primary, and the other one is its replica.
  async settled() {
    await eventually(async () => {
      const ports = await Promise.all(this.sentinels.map((one) => one.primary()));
      if (new Set(ports).size !== 1) return false;
      if (ports[0] === this.replica.port) this.change();
      const roles = await Promise.all([this.primary, this.replica].map((node) =>
        this.facts(node).then((facts) => facts.role, () => '')));
      return roles.join() === 'master,slave' && this.knowReplica();
    }, { withinMs: 90000, everyMs: 200, what: 'the Sentinels to agree' });
    await this.inSync();
  }

  // One that does not know the replica, or holds it for away, could promote none.
  async knowReplica() {
    const told = await Promise.all(this.sentinels.map((one) =>
      one.ask('SENTINEL', 'REPLICAS', 'shop')));
    return told.every((text) =>
      /^flags\nslave$/m.test(text) && /^master-link-status\nok$/m.test(text));
  }

  change() {
    [this.primary, this.replica] = [this.replica, this.primary];
    this.primary.more = options;
    this.replica.more = follow(this.primary);
    // What the former one had answered last may be gone with it.
    ++this.failovers;
    ++this.failoversWithLoss;
  }

  async handOver() {
    const { replica } = this;
    await this.inSync();
    await this.sentinels[0].ask('SENTINEL', 'FAILOVER', 'shop');
    await this.named(replica);
  }

  async promote() { await this.named(this.replica); }

  async named(wanted) {
    await eventually(async () => (await this.sentinels[0].primary()) === wanted.port,
      { withinMs: 60000, everyMs: 100, what: 'a failover' });
    if (this.primary !== wanted) this.change();
    if (isGone(this.replica)) await this.replica.begin();
    await this.settled();
  }

  async heal() {
    for (const node of [this.primary, this.replica]) {
      if (isGone(node)) await node.begin();
      node.thaw();
      node.clock.set(0);
    }
    await this.settled();
    await super.heal();
  }

  async stop() {
    for (const one of this.sentinels ?? []) await one.end();
    await super.stop();
  }
}

module.exports = { SentinelPair };
