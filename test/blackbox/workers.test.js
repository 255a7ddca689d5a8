// Several processes on one port under one supervisor: all are exchanged under load without a failed
// request, one that ends is followed by another, and none outlives the supervisor.
'use strict';
const assert = require('node:assert/strict');
const { randomInt } = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const { describe } = require('node:test');
const { freePorts } = require('./support/port.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const count = 3;
const ratePerSecond = 2000;
const connections = 32;
// Of an order whose worker was killed in its submit: 30 s of lease, 75 s until it is looked up.
const patienceMs = 150000;
const several = {
  ownRedis: true,
  settings: { CLAIMCHECK_WORKERS: String(count), CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1' },
};

const runs = (pid) => fs.existsSync(`/proc/${pid}`);
const workersOf = (shop) => {
  const ended = new Set(shop.server.events('worker_ended').map(({ pid }) => pid));
  return shop.server.events('worker_started').map(({ pid }) => pid)
    .filter((pid) => !ended.has(pid));
};
const serving = (shop) => shop.server.events('listening').length;

// Asks at a steady rate until it is stopped: { asked, failed: [why] }.
class Load {
  constructor(url) {
    this.url = url;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: connections });
    this.asked = 0;
    this.failed = [];
    this.underWay = new Set();
    this.timer = setInterval(() => {
      for (let i = 0; i < ratePerSecond / 100; ++i) this.ask();
    }, 10);
  }

  ask() {
    this.asked += 1;
    const answered = new Promise((resolve) => {
      const { agent } = this;
      // Each buyer asks a little.
      const headers = { 'x-forwarded-for': `10.0.${randomInt(256)}.${randomInt(256)}` };
      const request = http.get(this.url, { agent, headers }, (response) => {
        if (response.statusCode !== 200) this.failed.push(`status ${response.statusCode}`);
        response.resume().on('close', resolve);
      });
      request.on('error', (error) => {
        this.failed.push(error.message);
        resolve();
      });
    });
    this.underWay.add(answered);
    answered.then(() => this.underWay.delete(answered));
  }

  async stop() {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
    this.agent.destroy();
  }
}

describe('workers', parallel, () => {
  shopTest('SIGHUP exchanges all of them, twice, and no request fails', several, async (shop) => {
    const order = await shop.paidOrder();
    await shop.completed(order);
    const load = new Load(`${shop.server.url}/api/webhook-status/${order}`);
    try {
      for (let round = 1; round <= 2; ++round) {
        const former = workersOf(shop);
        assert.equal(former.length, count);
        const under = await shop.paidOrder();
        shop.server.child.kill('SIGHUP');
        const done = await eventually(() => shop.server.events('workers_exchanged')[round - 1],
          { withinMs: 60000 });
        assert.equal(done.workers, count);
        assert.equal(done.left, 0);
        assert.ok(former.every((pid) => !runs(pid)));
        assert.equal(workersOf(shop).length, count);
        await shop.completed(under);
      }
    } finally {
      await load.stop();
    }
    assert.ok(load.asked > ratePerSecond, `${load.asked} requests`);
    assert.deepEqual(load.failed, []);
    assert.equal((await shop.generations()).length, 3);
  });

  shopTest('one that is killed is followed by another', several, async (shop) => {
    await eventually(() => serving(shop) === count);
    const order = await shop.paidOrder();
    const [killed] = workersOf(shop);
    process.kill(killed, 'SIGKILL');
    const told = await shop.server.event('worker_ended');
    assert.equal(told.level, 'error');
    assert.equal(told.pid, killed);
    assert.equal(told.with, 'signal 9');
    await eventually(() => serving(shop) === count + 1);
    assert.equal(workersOf(shop).length, count);
    await shop.completed(order, patienceMs);
    assert.equal((await shop.generations()).length, 1);
  });

  shopTest('wrong settings: an exchange leaves those that serve', several, async (shop) => {
    await eventually(() => serving(shop) === count);
    const former = workersOf(shop);
    fs.appendFileSync(shop.settings.CLAIMCHECK_CONFIG, '\nno_setting = 1\n');
    shop.server.child.kill('SIGHUP');
    const told = await shop.server.event('workers_exchanged');
    assert.equal(told.level, 'error');
    assert.deepEqual([told.workers, told.left], [0, count]);
    assert.deepEqual(workersOf(shop), former);
    await shop.completed(await shop.paidOrder());
    fs.writeFileSync(shop.settings.CLAIMCHECK_CONFIG, '');
    // What the start that failed has printed is no line of the log.
    assert.match(shop.server.noise.splice(0).join(), /no_setting: unknown key/);
  });

  shopTest('each has its own port, where its own counts are', several, async (shop) => {
    await shop.server.stop();
    const first = await freePorts(count);
    await shop.start({ CLAIMCHECK_WORKER_LISTEN: `127.0.0.1:${first}` });
    await eventually(() => serving(shop) === count);
    const token = shop.server.settings.CLAIMCHECK_ADMIN_TOKEN;
    const answers = async (port) => {
      const told = await fetch(`http://127.0.0.1:${port}/metrics`,
        { headers: { authorization: `Bearer ${token}` } });
      const text = await told.text();
      return Number(/claimcheck_http_responses_total\{class="2xx"\} (\d+)/.exec(text)?.[1] ?? 0);
    };
    for (let place = 0; place < count; ++place) {
      await answers(first + place);
      assert.equal(await answers(first + place), 1, 'the counts of this one alone');
    }
  });

  shopTest('the end of the supervisor is theirs too', several, async (shop) => {
    await eventually(() => serving(shop) === count);
    const workers = workersOf(shop);
    await shop.server.kill();
    await eventually(() => !workers.some(runs), { withinMs: 60000 });
    await shop.start();
    await eventually(() => serving(shop) === count);
    const next = workersOf(shop);
    await shop.server.stop();  // with code 0
    assert.ok(!next.some(runs));
    await shop.start();
  });
});
