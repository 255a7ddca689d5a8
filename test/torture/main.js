// ./dev torture: the real binaries under a storm of faults by seed. Two service processes, a real
// Redis with a replica, proxies on every link, buyers, and a nemesis. When all have come and
// everything is healed, it waits until no order has anything left to do; then the judge looks at
// the books. Ends with 1 when something was found, and keeps logs and books then.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { run } = require('../blackbox/support/claimcheck.js');
const { Buyers } = require('./buyers.js');
const { Ground } = require('./ground.js');
const { Shown, isPaid, judge } = require('./judge.js');
const { readLogs } = require('./logs.js');
const { Nemesis } = require('./nemesis.js');
const { extraAllowed, rows } = require('./report.js');
const { clockText, pause } = require('./time.js');

const usage = `./dev torture [--orders N] [--faults M] [--seed S] [--durability WORD] [--keep]
  orders 1 to 20000 [60], faults 0 to 10000 [30], seed [1]
  durability as CLAIMCHECK_DURABILITY: memory or replicas:1 [memory: what Redis has acknowledged
  is lost in failovers with loss; with replicas:1 only what nobody was told is]
  keep: logs, books and Redis' files also when all is well`;

const orderMs = 670;  // between two orders
const faultMs = 1800;  // between two faults, at the least on average
const spanMinMs = 20000;
const longFrom = 500;  // orders: there is time to wait for what takes a quarter of an hour
// An order that was lost with its prompt is paid back 15 minutes after it was found, which may take
// 5; a stored refusal of Stripe is left alone for 10. In a short run neither happens.
const quietMaxMs = { long: 25 * 60000, short: 8 * 60000 };
const progressMs = 15000;
const over = ['done', 'held', 'expired', 'unpaid'];
// KEYS none, ARGV session ids; the state of each one's claim, or nothing.
const readStates = `local states = {}
for place, id in ipairs(ARGV) do
  states[place] = redis.call('HGET', 'claim:{session:' .. id .. '}', 'state') or ''
end
return states`;

function number(values, name, least, most) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} takes a whole number from ${least} to ${most}`);
}

function readOptions() {
  const text = (otherwise) => ({ type: 'string', default: otherwise });
  const { values } = parseArgs({
    options: {
      orders: text('60'), faults: text('30'), seed: text('1'), durability: text('memory'),
      keep: { type: 'boolean', default: false },
    },
  });
  if (!/^(memory|replicas:1)$/.test(values.durability)) {
    throw new Error('--durability takes memory or replicas:1');
  }
  return {
    ...values, orders: number(values, 'orders', 1, 20000),
    faults: number(values, 'faults', 0, 10000), seed: number(values, 'seed', 0, 2 ** 32),
  };
}

class Torture {
  constructor(options) {
    this.options = options;
    this.begun = Date.now();
    this.shown = new Shown();
  }

  say(text) { console.log(`${clockText(Date.now() - this.begun).padStart(6)}  ${text}`); }

  async run() {
    const { orders, faults, seed, durability } = this.options;
    console.log(`./dev torture --orders ${orders} --faults ${faults} --seed ${seed} ` +
      `--durability ${durability}`);
    this.ground = await Ground.open({ seed, durability, isLong: orders >= longFrom });
    this.say(`logs ${this.ground.folder}`);
    await this.storm();
    const healed = Date.now();
    const states = await this.quiet();
    await this.buyers.leave();
    const findings = await this.lookOnce([...states.keys()]);
    const quietMs = Date.now() - healed;
    const verdict = await this.verdict(states);
    await this.keepBooks(verdict);
    await this.ground.close();
    const { findings: told, taken } = readLogs(this.ground.services.flatMap((one) => one.logs));
    const surprises = this.ground.services.flatMap((one) => one.surprises);
    verdict.findings.push(...findings, ...told, ...surprises, ...this.mustHold(verdict));
    const table = rows({ ...this, verdict, taken, pair: this.ground.pair, quietMs,
      wallMs: Date.now() - this.begun });
    console.log(`\n${table.join('\n')}`);
    return verdict.findings;
  }

  // Buyers come and faults strike.
  async storm() {
    const { orders, faults, seed } = this.options;
    const span = Math.max(orders * orderMs, faults * faultMs, spanMinMs);
    this.buyers = new Buyers(this.ground, this.shown, seed);
    this.nemesis = new Nemesis(this.ground, seed);
    const progress = setInterval(() => this.say(
      `${this.buyers.paid} of ${orders} paid, ${this.nemesis.count} of ${faults} faults`),
    progressMs);
    try {
      await Promise.all([this.buyers.come(orders, span), this.nemesis.strike(faults, span)]);
    } finally {
      clearInterval(progress);
    }
    for (const broken of this.nemesis.broken) this.say(`not carried out: ${broken}`);
    this.say('everybody has come; healing');
    await this.ground.heal();
  }

  // Until no paid order has anything left to do: the state of each.
  async quiet() {
    const deadline = Date.now() + quietMaxMs[this.ground.isLong ? 'long' : 'short'];
    let said = 0;
    for (;;) {
      const states = await this.states();
      const open = [...states.values()].filter((state) => !over.includes(state)).length;
      if (open === 0 || Date.now() > deadline) return states;
      if (Date.now() - said > progressMs) {
        said = Date.now();
        this.say(`quiet in at most ${clockText(deadline - said)}: ` +
          `${open} of ${states.size} orders are not over`);
      }
      await pause(2000);
    }
  }

  async states() {
    const { sessions } = await this.ground.sandbox.ledger('sessions');
    const ids = sessions.filter(isPaid).map((one) => one.id);
    const states = [];
    for (let from = 0; from < ids.length; from += 1000) {
      const some = ids.slice(from, from + 1000);
      const reply = await this.ground.pair.primary.ask('EVAL', readStates, '0', ...some);
      states.push(...reply.split('\n'));
    }
    return new Map(ids.map((id, place) => [id, states[place]]));
  }

  // Every status page once more, of both processes; they must say the same.
  async lookOnce(ids) {
    const findings = [];
    const some = 20;
    for (let from = 0; from < ids.length; from += some) {
      await Promise.all(ids.slice(from, from + some).map(async (id) => {
        const answers = await Promise.all(this.ground.services.map((service) =>
          this.buyers.look(service.url, id)));
        const texts = answers.map((answer) => JSON.stringify(answer));
        if (texts[0] !== texts[1]) findings.push(`${id} looks different at the two services`);
      }));
    }
    return findings;
  }

  async verdict(states) {
    this.ledger = await this.ground.sandbox.ledger('sessions', 'charges', 'refunds', 'events',
      'deliveries', 'generations');
    const redisUrl = this.ground.pair.primary.url;
    return judge({ ledger: this.ledger, shown: this.shown, states, redisUrl });
  }

  // Beside the logs: the sandbox's books, and the history of each order that is spoken of.
  async keepBooks({ findings, extraUnits }) {
    const file = (name) => path.join(this.ground.folder, name);
    fs.writeFileSync(file('ledger.json'), JSON.stringify(this.ledger));
    const spokenOf = [...findings, ...extraUnits].join(' ').match(/cs_test_\w+/g) ?? [];
    for (const id of new Set(spokenOf)) {
      const { stdout } = await run(['session', 'show', id],
        { REDIS_URL: this.ground.pair.primary.url });
      fs.appendFileSync(file('orders.txt'), `${stdout}\n`);
    }
  }

  mustHold(verdict) {
    const findings = [];
    const extraMost = extraAllowed(verdict.units, this.ground.pair, this.options);
    if (verdict.extra > extraMost) findings.push('too many extra generations');
    if (this.nemesis.count < this.options.faults) findings.push('too few faults struck');
    if (this.buyers.gaveUp > 0) findings.push('buyers gave up');
    return findings;
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
  const torture = new Torture(options);
  let findings;
  try {
    findings = await torture.run();
  } catch (error) {
    await torture.ground?.end();
    findings = [`the rig failed: ${error.stack}`];
  }
  const folder = torture.ground?.folder;
  const isWell = findings.length === 0;
  console.log(isWell ? '\nall is well' : `\n${findings.length} findings`);
  for (const finding of findings.slice(0, 50)) console.log(`  ${finding}`);
  if (isWell && !options.keep) fs.rmSync(folder, { recursive: true, force: true });
  else if (folder) console.log(`logs, books and Redis' files are kept in ${folder}`);
  return isWell ? 0 : 1;
}

// What was started ends with it: exit handlers run only when the process exits by itself.
for (const [signal, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]]) {
  process.on(signal, () => process.exit(code));
}
main().then((code) => process.exit(code));
