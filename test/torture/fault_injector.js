// FaultInjector: lets faults strike, one after the other and overlapping, in an order drawn by
// seed from a deck in which every kind comes up before any comes up again. A fault counts when it
// has struck something. All of them end by themselves.
'use strict';
const { Chance } = require('./chance.js');
const { pause, within } = require('./time.js');

const kinds = [
  ...require('./faults_processes.js'), ...require('./faults_redis.js'),
  ...require('./faults_links.js'), ...require('./faults_peers.js'),
];
const overlapMax = 8;
const faultMaxMs = 120000;

class FaultInjector {
  constructor(environment, seed) {
    this.environment = environment;
    this.chance = new Chance(seed, 'faults');
    this.deck = [];
    this.held = new Set();  // locks
    this.running = new Set();
    this.struck = new Map(kinds.map((kind) => [kind.name, 0]));
    this.missed = 0;  // struck nothing: no request came by
    this.broken = [];  // could not be carried out: the rig is to blame
  }

  get count() { return [...this.struck.values()].reduce((sum, one) => sum + one, 0); }

  // Until `wanted` faults have struck, spread over `ms`; a little longer if many miss.
  async strike(wanted, ms) {
    const end = Date.now() + ms * 1.5 + 60000;
    const gap = ms / Math.max(wanted, 1);
    while (this.count < wanted && Date.now() < end) {
      const enough = this.count + this.running.size >= wanted;
      if (enough || this.running.size >= overlapMax) {
        await Promise.race(this.running);
        continue;
      }
      this.begin();
      await pause(this.chance.between(gap * 0.5, gap * 1.4));
    }
    await Promise.all(this.running);
  }

  begin() {
    if (!this.deck.some((kind) => this.locksFor(kind))) this.shuffle();
    const place = this.deck.findIndex((kind) => this.locksFor(kind));
    if (place < 0) return;
    const [kind] = this.deck.splice(place, 1);
    const locks = this.locksFor(kind);
    for (const lock of locks) this.held.add(lock);
    const fault = this.carryOut(kind, locks).finally(() => {
      for (const lock of locks) this.held.delete(lock);
      this.running.delete(fault);
    });
    this.running.add(fault);
  }

  shuffle() {
    const more = kinds.flatMap((kind) => Array(kind.weight - 1).fill(kind));
    this.deck.push(...this.chance.shuffled(kinds), ...this.chance.shuffled(more));
  }

  // What the kind would hold now; nothing when something of it is not free.
  locksFor({ locks, lockOne }) {
    const free = locks.filter((lock) => !this.held.has(lock));
    if (!lockOne) return free.length === locks.length ? locks : null;
    return free.length > 0 ? [this.chance.pick(free)] : null;
  }

  async carryOut(kind, locks) {
    try {
      const times = await within(
        faultMaxMs, kind.run(this.environment, this.chance, locks), kind.name);
      if (times > 0) this.struck.set(kind.name, this.struck.get(kind.name) + 1);
      else ++this.missed;
    } catch (error) {
      this.broken.push(`${kind.name}: ${error.message.split('\n')[0]}`);
      if (locks.includes('redis')) await this.environment.pair.heal().catch(() => null);
    }
  }
}

module.exports = { FaultInjector };
