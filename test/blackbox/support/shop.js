// A whole shop for a test: a sandbox and a claimcheck of its own, wired together, in a folder of
// its own. close() stops both, demands a clean end and removes the folder.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { Claimcheck, privateWord, secrets } = require('./claimcheck.js');
const { OwnRedis, embeddedUrl, redis } = require('./redis.js');
const { Sandbox, eventually } = require('./sandbox.js');

const everyRedisOwn = process.env.TEST_REDIS === 'own';

// A request to any server: { status, headers, text, json }.
async function ask(base, method, route, { body, headers = {} } = {}) {
  const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const response = await fetch(base + route, {
    method, redirect: 'manual', body: raw ? body : JSON.stringify(body),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') || '').startsWith('application/json');
  return {
    status: response.status, headers: response.headers, text,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

class Shop {
  // sandbox: arguments of the sandbox; settings: environment of claimcheck; config: text of its
  // configuration file, or a function of the sandbox's address; webhooks: false = the sandbox sends
  // none; ownRedis: true = no embedded Redis but one that the test can take away (with
  // TEST_REDIS=own also where nothing is said); openFiles: claimcheck's limit of them.
  static async open({
    sandbox = ['--generate-ms', '300'], settings = {}, config = '', webhooks = true,
    ownRedis = everyRedisOwn, redisOptions = {}, openFiles = undefined,
  } = {}) {
    const shop = new Shop(settings, config, webhooks);
    shop.openFiles = openFiles;
    try {
      if (ownRedis) {
        shop.ownRedis = await OwnRedis.start(path.join(shop.folder, 'redis'), redisOptions);
        shop.settings.REDIS_URL = shop.ownRedis.url;
      }
      shop.sandbox = await Sandbox.start(sandbox);
      if (typeof config === 'function') {
        fs.writeFileSync(shop.settings.CLAIMCHECK_CONFIG, config(shop.sandbox.url));
      }
      await shop.start();
    } catch (error) {
      await shop.end();
      throw error;
    }
    return shop;
  }

  // A shop for one test.
  static async with(options, use) {
    const shop = await Shop.open(options);
    try {
      await use(shop);
    } catch (error) {
      await shop.close().catch(() => null);  // the first failure is the one to tell of
      throw error;
    }
    await shop.close();
  }

  constructor(settings, config, webhooks) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-test-'));
    const file = path.join(this.folder, 'claimcheck.toml');
    fs.writeFileSync(file, typeof config === 'function' ? '' : config);
    // One failure is the end of a video, unless a test is about what comes after the first.
    this.settings = {
      CLAIMCHECK_CONFIG: file, CLAIMCHECK_FURTHER_GENERATIONS: '0', ...settings };
    this.webhooks = webhooks;
    this.servers = [];
  }

  // Starts claimcheck, or starts it again after its end, on the same data.
  async start(settings = {}) {
    this.server = await this.another(settings);
    const hook = `${this.server.url}/api/webhooks/stripe`;
    await this.sandbox.webhook(this.webhooks ? hook : '', secrets.STRIPE_WEBHOOK_SECRET);
  }

  // One more claimcheck, on the same Redis if that is a Redis of its own. The test ends it; after a
  // failed test it is killed, since the test's process would wait for it without an end.
  async another(settings = {}) {
    const embedded = { CLAIMCHECK_DATA_DIR: path.join(this.folder, 'data') };
    const server = await Claimcheck.start({
      STRIPE_API_URL: this.sandbox.url, SUPERDUPERAI_URL: this.sandbox.url,
      ...(this.settings.REDIS_URL ? {} : embedded), ...this.settings, ...settings,
    }, { openFiles: this.openFiles });
    this.servers.push(server);
    return server;
  }

  async close() {
    try {
      await this.server.stop();
    } finally {
      await this.end();
    }
  }
  async end() {
    for (const server of this.servers) server.child.kill('SIGKILL');
    await this.sandbox?.stop();
    await this.ownRedis?.end();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  ask(method, route, options) { return ask(this.server.url, method, route, options); }

  // --- the buyer ---
  checkout(fields = {}, headers = {}) {
    const body = { priceId: 'price_single', prompt: `A ${privateWord} at dawn`, ...fields };
    return this.ask('POST', '/api/create-checkout', { body, headers });
  }
  // A checkout that must succeed: its session id.
  async order(fields, headers) {
    const { status, json, text } = await this.checkout(fields, headers);
    assert.equal(status, 200, text);
    return json.sessionId;
  }
  async paidOrder(fields) {
    const id = await this.order(fields);
    await this.sandbox.pay(id);
    return id;
  }
  // Waits until orders can be kept again.
  ready() {
    return eventually(async () => (await this.ask('GET', '/readyz')).status === 200,
      { what: 'ready' });
  }
  async status(id) { return (await this.ask('GET', `/api/webhook-status/${id}`)).json; }
  // The status answer as soon as `probe` likes it.
  async statusWhen(id, probe, withinMs) {
    let seen;
    return eventually(async () => {
      seen = await this.status(id);
      return probe(seen) && seen;
    }, { withinMs, what: `a status of ${id}` }).catch((error) => {
      throw new Error(`${error.message}; last seen: ${JSON.stringify(seen)}`);
    });
  }
  completed(id, withinMs) {
    return this.statusWhen(id, (seen) => seen.status === 'completed', withinMs);
  }

  // Unknown sessions of before this Redis was first used are held. Stripe's times are in whole
  // seconds, so a session of the first second is one of them.
  async afterBirth() {
    const born = Number(await this.redis('HGET', 'claimcheck:meta', 'born_s'));
    await eventually(() => Date.now() / 1000 > born + 1, { what: 'the next second' });
  }

  // Until no order is to be worked on, in any partition: every pass has ended.
  settled(withinMs) {
    return eventually(async () => (await this.redis('KEYS', 'claimcheck:{p*}:due')) === '',
      { withinMs, what: 'every pass to end' });
  }

  // --- what really happened ---
  async generations() { return (await this.sandbox.ledger('generations')).generations; }
  async requests(method, route) {
    const { requests } = await this.sandbox.ledger('requests');
    return requests.filter((one) => one.method === method && one.path.startsWith(route));
  }
  async stripeSession(id) {
    const { sessions } = await this.sandbox.ledger('sessions');
    return sessions.find((one) => one.id === id);
  }
  // Deliveries of webhooks about one session.
  async deliveries(id) {
    const { events, deliveries } = await this.sandbox.ledger('events', 'deliveries');
    const about = new Set(events.filter((one) => one.session === id).map((one) => one.id));
    return deliveries.filter((one) => about.has(one.event));
  }
  redis(...words) {
    if (this.ownRedis) return this.ownRedis.ask(...words);
    return redis(this.settings.REDIS_URL || embeddedUrl(path.join(this.folder, 'data')), ...words);
  }
}

// For describe(): its tests run all at once. Those that mostly wait do.
const parallel = { concurrency: true };

// A test that has a shop for itself.
function shopTest(name, options, use) {
  test(name, () => Shop.with(options, use));
}

module.exports = { Shop, ask, parallel, shopTest };
