// ./dev soak: many orders from payment to video through a few processes, and how much memory each
// of them and their Redis takes meanwhile: the lines must be flat once the first tenth is over. At
// the end it waits until every process has read Stripe's list of events once more, which it does
// every five minutes. What lives in Redis for days lives for two minutes here, so that what is left
// behind would be seen. The sandbox keeps all it has seen, some 100 KB an order.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { secrets } = require('../blackbox/support/claimcheck.js');
const { freePort } = require('../blackbox/support/port.js');
const { OwnRedis } = require('../blackbox/support/redis.js');
const { Sandbox } = require('../blackbox/support/sandbox.js');
const { Service } = require('../torture/service.js');
const { RedisLink } = require('../../bench/redis_link.js');
const { plot } = require('../../bench/plot.js');
const { clockText, pause } = require('../torture/time.js');
const { Buyers } = require('./buyers.js');
const { readOptions, usage } = require('./options.js');

const lines = 10;
const sampleMs = 10000;
const lifeMs = 120000;  // of what Redis would keep longer
const lookMs = 5 * 60000 + 20000;  // between two looks at Stripe's events, with some room
const grownMaxKb = 16 * 1024;  // what a process may keep to itself is half of it

// Resident, and of it what is the process's own and written.
function memoryKb(pid) {
  const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const value = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)[1]);
  return { resident: value('Rss'), own: value('Private_Dirty') };
}

class Soak {
  constructor(options) {
    Object.assign(this, options);
    this.begun = Date.now();
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-soak-'));
    this.services = [];
    this.samples = [];  // [minutes, kB of each]
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
    const own = this.services.map(({ child }) => memoryKb(child.pid).resident);
    const info = await this.link.ask('INFO', 'memory');
    return [...own, Number(/^used_memory:(\d+)/m.exec(info)[1]) / 1024];
  }

  async say(what) {
    const memory = await this.memory();
    const own = this.services.map(({ child }) => memoryKb(child.pid).own);
    const columns = memory.map((kb, i) =>
      `${kb.toFixed(0)}${own[i] === undefined ? '' : ` (${own[i]})`}`.padStart(16));
    console.log(`${clockText(Date.now() - this.begun).padStart(6)} ${what.padStart(22)} ` +
      columns.join(' '));
    return memory;
  }

  // Until the end: the points of the plot, and the shorter lives.
  async watch() {
    while (!this.isOver) {
      this.samples.push([(Date.now() - this.begun) / 60000, await this.memory()]);
      await this.shorten();
      await pause(sampleMs);
    }
  }

  async shorten() {
    for (let cursor = '0', first = true; first || cursor !== '0'; first = false) {
      const [next, keys] = await this.link.ask('SCAN', cursor, 'COUNT', 1000);
      const lives = await Promise.all(keys.map((key) => this.link.ask('PTTL', key)));
      await Promise.all(keys.filter((_, i) => lives[i] > lifeMs).map((key) =>
        this.link.ask('PEXPIRE', key, lifeMs)));
      cursor = next;
    }
  }

  keepPlot() {
    const names = [...this.services.map(({ name }) => name), 'Redis'];
    const chart = plot({
      title: `Memory during ${this.orders} orders, ${this.perSecond} a second`,
      xTitle: 'minutes', yTitle: 'MB', linear: true,
      lines: names.map((name, i) => ({
        name, points: this.samples.map(([minutes, kb]) => [minutes, kb[i] / 1024]) })),
    });
    fs.writeFileSync(path.join(__dirname, '../../docs/images/soak_memory.svg'), chart);
  }

  // What was found, a sentence each.
  async run() {
    const { orders, processes, perSecond } = this;
    console.log(`./dev soak --orders ${orders} --per-second ${perSecond} `
      + `--processes ${processes} --prompt ${this.prompt}\n`
      + 'resident kB of each process (in brackets: its own, written), and kB used by Redis');
    await this.say('0');
    const watching = this.watch();
    let warm;
    await new Buyers(this).come(orders, (ended) => {
      if (ended % Math.round(orders / lines) !== 0) return;
      const now = this.say(String(ended));
      warm ??= now;
    });
    await pause(lookMs);
    const end = await this.say('5 minutes later');
    this.isOver = true;
    await watching;
    if (this.keep) this.keepPlot();
    return [...this.grown(await warm, end), ...this.services.flatMap((one) => one.surprises)];
  }

  grown(warm, end) {
    const name = (i) => this.services[i]?.name ?? 'Redis';
    return end.flatMap((kb, i) => (kb - warm[i] <= grownMaxKb ? [] :
      [`${name(i)} grew by ${(kb - warm[i]).toFixed(0)} kB; ${grownMaxKb} are allowed`]));
  }

  async close() {
    for (const service of this.services) await service.stop();
    await this.sandbox?.stop();
    this.link?.close();
    await this.redis?.end();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
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
  console.log(findings.length === 0 ? 'the line is flat' : `${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}

// What was started ends with it: exit handlers run only when the process exits by itself.
for (const [signal, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]]) {
  process.on(signal, () => process.exit(code));
}
main().then((code) => process.exit(code));
