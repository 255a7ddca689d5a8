// ./dev soak: many orders from payment to video through a few processes, and how much memory each
// of them takes meanwhile: the line must be flat once the first tenth is over. At the end it waits
// until every process has read Stripe's list of events once more, which it does every five minutes.
// A Redis of its own and the sandbox are other processes and not counted; the sandbox keeps all it
// has seen, some 100 KB an order.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { secrets } = require('../blackbox/support/claimcheck.js');
const { freePort } = require('../blackbox/support/port.js');
const { OwnRedis } = require('../blackbox/support/redis.js');
const { Sandbox } = require('../blackbox/support/sandbox.js');
const { Service } = require('../torture/service.js');
const { clockText, pause } = require('../torture/time.js');
const { Buyers } = require('./buyers.js');
const { readOptions, usage } = require('./options.js');

const lines = 10;
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
  }

  async open() {
    this.redis = await OwnRedis.start(path.join(this.folder, 'redis'));
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

  say(what) {
    const memory = this.services.map(({ child }) => memoryKb(child.pid));
    const columns = memory.map(({ resident, own }) => `${resident} (${own})`.padStart(16));
    console.log(`${clockText(Date.now() - this.begun).padStart(6)} ${what.padStart(22)} ` +
      columns.join(' '));
    return memory.map(({ resident }) => resident);
  }

  // What was found, a sentence each.
  async run() {
    const { orders, processes } = this;
    console.log(`./dev soak --orders ${orders} --processes ${processes} --prompt ${this.prompt}\n` +
      'resident kB of each process (in brackets: its own, written)');
    this.say('0');
    let warm;
    await new Buyers(this).come(orders, (ended) => {
      if (ended % Math.round(orders / lines) !== 0) return;
      const now = this.say(String(ended));
      warm ??= now;
    });
    await pause(lookMs);
    const end = this.say('5 minutes later');
    return [...this.grown(warm, end), ...this.services.flatMap((one) => one.surprises)];
  }

  grown(warm, end) {
    return end.flatMap((kb, i) => (kb - warm[i] <= grownMaxKb ? [] :
      [`${this.services[i].name} grew by ${kb - warm[i]} kB; ${grownMaxKb} are allowed`]));
  }

  async close() {
    for (const service of this.services) await service.stop();
    await this.sandbox?.stop();
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
