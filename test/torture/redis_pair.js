// RedisPair: a primary and a replica, each a real redis-server with every write on its disk before
// it is answered. Services reach the primary of the moment through proxies; after a failover those
// point to the new one, and the old one comes back as its replica.
'use strict';
const path = require('node:path');
const { OwnRedis } = require('../blackbox/support/redis.js');
const { eventually } = require('../blackbox/support/sandbox.js');
const { pause } = require('./time.js');

const options = [
  '--enable-debug-command', 'local', '--repl-diskless-sync-delay', '0',
  '--repl-ping-replica-period', '1', '--repl-backlog-size', '64mb',
];
const follow = (node) => [...options, '--replicaof', '127.0.0.1', String(node.port)];
const isGone = ({ child }) => child.exitCode !== null || child.signalCode !== null;

class RedisPair {
  static async start(folder) {
    const pair = new this();
    pair.primary = await OwnRedis.start(path.join(folder, 'redis-a'),
      { more: options, movesClock: true });
    pair.replica = await OwnRedis.start(path.join(folder, 'redis-b'),
      { more: follow(pair.primary), movesClock: true });
    await pair.inSync();
    return pair;
  }

  constructor() {
    this.proxies = [];  // the environment's, that lead to the primary
    this.bytesLost = 0;  // written by a primary, and gone with it
    this.failoversWithLoss = 0;
  }

  async facts(node) {
    const lines = (await node.ask('INFO', 'replication')).split(/\r?\n/);
    return Object.fromEntries(lines.map((line) => line.split(':')));
  }
  // Until the replica has everything that the primary had when this was asked. A link that is up is
  // not enough: for up to a second after a full sync nothing comes over it.
  async inSync() {
    const { master_repl_offset: wanted } = await this.facts(this.primary);
    await eventually(async () => {
      const facts = await this.facts(this.replica).catch(() => ({}));
      return facts.master_link_status === 'up' && facts.master_sync_in_progress === '0' &&
        Number(facts.slave_repl_offset) >= Number(wanted);
    }, { withinMs: 30000, everyMs: 50, what: 'the replica to be in sync' });
  }

  async restarted(ms) {
    await this.primary.end();
    await pause(ms);
    await this.primary.begin();
  }
  async frozen(ms) {
    this.primary.freeze();
    await pause(ms);
    this.primary.thaw();
  }
  async clockAhead(seconds, ms) {
    const { clock } = this.primary;
    clock.set(seconds);
    await pause(ms);
    clock.set(0);
  }
  async replicaAway(ms) {
    await this.replica.end();
    await pause(ms);
    await this.replica.begin();
    await this.inSync();
  }

  // After a fault, the roles are known again. Nobody but us changes them here.
  async settled() {}

  // Planned: the primary waits for its replica, then they change places.
  async handOver() {
    await this.inSync();
    await this.primary.ask('FAILOVER', 'TIMEOUT', '5000');
    await eventually(async () => (await this.facts(this.primary)).role === 'slave',
      { withinMs: 8000, what: 'the roles to change' });
    await pause(300);  // services that still reach the old one must notice its role
    [this.primary, this.replica] = [this.replica, this.primary];
    this.primary.more = options;
    this.replica.more = follow(this.primary);
    this.point();
    await this.inSync();
  }

  // The primary dies; the replica has what was replicated to it.
  async failOver() {
    await this.inSync();
    await this.primary.end();
    await this.promote();
  }

  // For a while the primary answers writes that its replica never sees; then it dies.
  async failOverWithLoss(ms) {
    await this.inSync();
    this.replica.freeze();
    try {
      await this.primary.ask('CLIENT', 'KILL', 'TYPE', 'replica');
      await pause(ms);
      const { master_repl_offset: written } = await this.facts(this.primary);
      await this.primary.end();
      this.replica.thaw();
      const { slave_repl_offset: kept } = await this.facts(this.replica);
      this.bytesLost += Math.max(0, written - kept);
      ++this.failoversWithLoss;
    } finally {
      this.replica.thaw();
    }
    await this.promote();
  }

  async promote() {
    await this.replica.ask('REPLICAOF', 'NO', 'ONE');
    [this.primary, this.replica] = [this.replica, this.primary];
    this.primary.more = options;
    this.replica.more = follow(this.primary);
    this.point();
    await this.replica.begin();
    await this.inSync();
  }

  point() {
    for (const proxy of this.proxies) {
      proxy.retarget(this.primary.port);
      proxy.cut();
    }
  }

  // Both there and in sync, wherever a fault that failed has left them.
  async heal() {
    for (const node of [this.primary, this.replica]) {
      if (isGone(node)) await node.begin();
      node.thaw();
      node.clock.set(0);
    }
    await this.primary.ask('CONFIG', 'SET', 'maxmemory', '0', 'min-replicas-to-write', '0');
    await this.inSync();
  }
  async stop() {
    for (const node of [this.replica, this.primary]) {
      if (node && !isGone(node)) await node.end();
    }
  }
}

module.exports = { RedisPair, follow, isGone, options };
