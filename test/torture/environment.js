// Environment: everything that is tortured, on free ports of this machine: one sandbox (Stripe
// and the generator), a pair of Redis, two service processes, and proxies on all links between
// them: each process has its own to Redis, Stripe and the generator; buyers and webhooks come in
// at `front`, which takes the processes in turn.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { secrets } = require('../blackbox/support/claimcheck.js');
const { freePort } = require('../blackbox/support/port.js');
const { OwnSentinel } = require('../blackbox/support/redis.js');
const { Sandbox } = require('../blackbox/support/sandbox.js');
const { withTwo } = require('./generators.js');
const { Peers } = require('./peers.js');
const { Proxy } = require('./proxy.js');
const { RedisPair } = require('./redis_pair.js');
const { SentinelPair } = require('./sentinel_pair.js');
const { Service } = require('./service.js');
const { Gate } = require('./time.js');

const names = ['service-1', 'service-2'];
const port = (url) => Number(new URL(url).port);

// Some videos always fail, so money goes back in every run; the breaker has its own tests.
const failing = {
  match: 'POST /api/v1/file/generate-video', probability: 0.03, action: { task: 'error' } };
const openBreaker = {
  CLAIMCHECK_REFUNDS_PER_HOUR: '100000', CLAIMCHECK_REFUNDS_PER_DAY: '100000',
  CLAIMCHECK_REFUND_AMOUNT_PER_HOUR: '100000000', CLAIMCHECK_REFUND_SHARE: '100',
};

class Environment {
  static async open(
    { seed, durability, isLong, videosFail = true, generators = false, sentinels = false }) {
    const environment = new Environment(isLong, generators, sentinels);
    try {
      await environment.begin(seed, durability, videosFail);
    } catch (error) {
      await environment.end();
      fs.rmSync(environment.folder, { recursive: true, force: true });
      throw error;
    }
    return environment;
  }

  async begin(seed, durability, videosFail) {
    this.pair = await (this.sentinels ? SentinelPair : RedisPair).start(this.folder);
    this.sandbox = await Sandbox.start(['--generate-ms', '1500', '--seed', String(seed)]);
    process.on('exit', () => this.sandbox.child.kill('SIGKILL'));
    this.peers = new Peers(this.sandbox);
    if (videosFail) await this.peers.always(failing);
    await this.openServices(durability);
    await this.sandbox.webhook(`${this.url}/api/webhooks/stripe`, secrets.STRIPE_WEBHOOK_SECRET);
  }

  constructor(isLong, generators, sentinels) {
    this.generators = generators;  // two of them
    this.sentinels = sentinels;  // they choose the primary
    this.isLong = isLong;  // there is time for what takes a quarter of an hour to settle
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-torture-'));
    this.entrance = new Gate();  // shut: nobody begins a checkout
    this.checkouts = 0;  // under way
    this.services = [];
    this.proxies = {};
  }

  async openServices(durability) {
    const ports = await Promise.all(names.map(() => freePort()));
    const { proxies, sandbox } = this;
    proxies.front = await Proxy.open(ports);
    this.url = `http://127.0.0.1:${proxies.front.port}`;
    for (const [i, name] of names.entries()) {
      const stripe = await Proxy.open([port(sandbox.url)]);
      const generator = await Proxy.open([port(sandbox.url)]);
      Object.assign(proxies, {
        [`${name} to Stripe`]: stripe, [`${name} to the generator`]: generator });
      const service = new Service(name, ports[i], this.folder, {
        ...(await this.redisOf(name)),
        STRIPE_API_URL: `http://127.0.0.1:${stripe.port}`,
        SUPERDUPERAI_URL: `http://127.0.0.1:${generator.port}`,
        CLAIMCHECK_PUBLIC_URL: this.url, CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1',
        CLAIMCHECK_DURABILITY: durability, ...openBreaker,
        ...(this.generators ? withTwo(this.folder, sandbox) : {}),
      });
      this.services.push(service);
      await service.serves();
    }
  }

  async redisOf(name) {
    const { pair, proxies } = this;
    if (this.sentinels) {
      return { REDIS_URL: pair.url, CLAIMCHECK_REDIS_SENTINEL_PASSWORD: OwnSentinel.password };
    }
    const redis = await Proxy.open([pair.primary.port]);
    proxies[`${name} to Redis`] = redis;
    pair.proxies.push(redis);
    return { REDIS_URL: pair.primary.urlAt(redis.port) };
  }

  // Nothing is wrong any more, whatever went wrong before. At last both processes are replaced one
  // after the other, as a release does it: what the work index has lost is looked for at a start.
  async heal() {
    for (const proxy of Object.values(this.proxies)) proxy.heal();
    this.entrance.open();
    await this.peers.heal();
    await this.pair.heal();
    for (const service of this.services) {
      await service.terminate();
      await service.serves();
    }
  }

  async close() {
    for (const service of this.services) await service.stop();
    await this.end();
  }
  // Stops everything that is still there.
  async end() {
    for (const service of this.services) {
      service.isKept = false;
      service.child.kill('SIGKILL');
    }
    for (const proxy of Object.values(this.proxies)) proxy.close();
    await this.sandbox?.stop();
    await this.pair?.stop();
  }
}

module.exports = { Environment };
