// ./dev soak: many orders from payment to video through a few processes, and how much memory each
// of them and their Redis takes meanwhile: the lines must be flat once the first tenth is over. At
// the end it waits until Stripe's list of events was read once more, which happens every five
// minutes. What lives in Redis for days lives for 20 minutes here: that list is read 15 minutes
// back, which takes a minute or two, and a paid order whose claim is gone would be taken for a lost
// one. The line of Redis must be flat from then on, so that what is left behind would be seen. The
// sandbox keeps all it has seen, some 200 KB an order.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { secrets } = require('../blackbox/support/claimcheck.js');
const { memoryKb } = require('../blackbox/support/memory.js');
const { freePort } = require('../blackbox/support/port.js');
const { OwnRedis } = require('../blackbox/support/redis.js');
const { Sandbox } = require('../blackbox/support/sandbox.js');
const { Service } = require('../torture/service.js');
const { RedisLink } = require('../../bench/redis_link.js');
const { plot } = require('../../bench/plot.js');
const { clockText, pause } = require('../torture/time.js');
const { Buyers } = require('./buyers.js');
const { readOptions, usage } = require('./options.js');

const sampleMs = 10000;
const printedEvery = 6;  // samples
const lifeMs = 20 * 60000;  // of what Redis would keep longer
const lookMs = 5 * 60000 + 20000;  // between two looks at Stripe's events, with some room
// The keys of one page of SCAN; returns the next page.
const shortenPage = `local page = redis.call('SCAN', ARGV[1], 'COUNT', 1000)
for _, key in ipairs(page[2]) do
  if redis.call('PTTL', key) > tonumber(ARGV[2]) then redis.call('PEXPIRE', key, ARGV[2]) end
end
return page[1]`;
const grownMaxKb = 16 * 1024;  // what a process may keep to itself is half of it

class Soak {
  constructor(options) {
    Object.assign(this, options);
    this.begun = Date.now();
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-soak-'));
    this.services = [];
    this.samples = [];  // { ms, ended, kb: of each }
    this.ended = 0;
    this.isOver = false;
  }

  async open() {
    this.redis = await OwnRedis.start(path.join(this.folder, 'redis'));
    this.link = await RedisLink.open(this.redis.port);
    this.sandbox = await Sandbox.start(['--generate-ms', '300']);
    process.on('exit', () => this.sandbox.child.kill('SIGKILL'));
    for (let i = 1; i <= this.processes; ++i) {
      const service = new Service(`service-${i}`, await freePort(), this.folder, {
        REDIS_URL: this.redis.url, STRIPE_API_URL: this.sandbox.url,
        SUPERDUPERAI_URL: this.sandbox.url, CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1',
        CLAIMCHECK_STRIPE_CALLS_PER_SECOND: '1000',  // the sandbox has no limit
      });
      this.services.push(service);
      await service.serves();
    }
    await this.sandbox.webhook(`${this.services[0].url}/api/webhooks/stripe`,
      secrets.STRIPE_WEBHOOK_SECRET);
  }

  // kB of each process, then of Redis.
  async memory() {
    const own = this.services.map(({ child }) => memoryKb(child.pid, 'VmRSS'));
    const info = await this.link.ask('INFO', 'memory');
    return [...own, Number(/^used_memory:(\d+)/m.exec(info)[1]) / 1024];
  }

  // Until the end: how many orders are over and what memory that took, and the shorter lives.
  async watch() {
    while (!this.isOver) {
      const [ms, kb] = [Date.now() - this.begun, await this.memory()];
      if (this.samples.length % printedEvery === 0) {
        console.log(`${clockText(ms).padStart(6)} ${String(this.ended).padStart(8)} `
          + kb.map((one) => one.toFixed(0).padStart(9)).join(' '));
      }
      this.samples.push({ ms, ended: this.ended, kb });
      await this.shorten();
      await pause(sampleMs);
    }
  }

  async shorten() {
    let cursor = '0';
    do {
      cursor = await this.link.ask('EVAL', shortenPage, 0, cursor, lifeMs);
    } while (cursor !== '0');
  }

  keepPlot() {
    const names = [...this.services.map(({ name }) => name), 'Redis'];
    const chart = plot({
      title: `Memory during ${this.orders} orders, ${this.perSecond} a second`,
      xTitle: 'minutes', yTitle: 'MB', linear: true,
      lines: names.map((name, i) => ({
        name, points: this.samples.map(({ ms, kb }) => [ms / 60000, kb[i] / 1024]) })),
    });
    fs.writeFileSync(path.join(__dirname, '../../docs/images/soak_memory.svg'), chart);
  }

  // What was found, a sentence each.
  async run() {
    const { orders, processes, perSecond } = this;
    console.log(`./dev soak --orders ${orders} --per-second ${perSecond} `
      + `--processes ${processes} --prompt ${this.prompt}\n`
      + 'orders, resident kB of each process, kB used by Redis');
    const watching = this.watch();
    watching.catch(() => null);  // awaited below
    try {
      await new Buyers(this).come(orders, (ended) => { this.ended = ended; });
      this.cameMs = Date.now() - this.begun;
      await pause(lookMs);
    } finally {
      this.isOver = true;
    }
    await watching;
    if (this.keep) this.keepPlot();
    return [...this.grown(), ...this.services.flatMap((one) => one.surprises)];
  }

  grown() {
    const end = this.samples.at(-1).kb;
    // Of Redis while orders came: behind them it becomes smaller by itself.
    const last = this.samples.findLast(({ ms }) => ms < this.cameMs).kb;
    const names = [...this.services.map(({ name }) => name), 'Redis'];
    const warm = this.samples.find(({ ended }) => ended >= this.orders / 10).kb;
    // Nothing of Redis can be said of a run that ends before anything in it does.
    const full = this.samples.find(({ ms }) => ms > lifeMs && ms < this.cameMs)?.kb ?? last;
    return names.flatMap((name, i) => {
      const kb = name === 'Redis' ? last[i] - full[i] : end[i] - warm[i];
      return kb <= grownMaxKb ? [] :
        [`${name} grew by ${kb.toFixed(0)} kB; ${grownMaxKb} are allowed`];
    });
  }

  async close() {
    for (const service of this.services) await service.stop();
    await this.sandbox?.stop();
    this.link?.close();
    await this.redis?.end();
  }

  // The logs stay when there is something to look for.
  forget() { fs.rmSync(this.folder, { recursive: true, force: true }); }
}

async function main() {
  let options;
  try {
    options = readOptions();
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    return 2;
  }
  const soak = new Soak(options);
  let findings;
  try {
    await soak.open();
    findings = await soak.run();
  } catch (error) {
    findings = [`the rig failed: ${error.stack}`];
  }
  await soak.close();
  for (const finding of findings) console.log(finding);
  if (findings.length === 0) soak.forget();
  else console.log(`the logs are in ${soak.folder}`);
  console.log(findings.length === 0 ? 'the line is flat' : `${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}

// What was started ends with it: exit handlers run only when the process exits by itself.
for (const [signal, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]]) {
  process.on(signal, () => process.exit(code));
}
main().then((code) => process.exit(code));
