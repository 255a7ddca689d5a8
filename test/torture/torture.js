// Torture: one run. Everything is started, buyers come while faults strike, everything is healed;
// then it waits until no order has anything left to do, looks at every status page once more, and
// lets the judge look at the books.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { run } = require('../blackbox/support/claimcheck.js');
const { Buyers } = require('./buyers.js');
const { Environment } = require('./environment.js');
const { Shown, isPaid, judge } = require('./judge.js');
const { readLogs } = require('./logs.js');
const { FaultInjector } = require('./fault_injector.js');
const { outage, outageFindings } = require('./outage.js');
const { extraAllowed, rows } = require('./report.js');
const { clockText, pause } = require('./time.js');

const orderMs = 670;  // between two orders
const faultMs = 1800;  // between two faults, at the least on average
const spanMinMs = 20000;
// Orders from which there is time to wait for what takes a quarter of an hour. Sentinels hand over
// whenever the primary is slow, so with them an acknowledged order may be lost at any time.
const longFrom = 500;
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

class Torture {
  constructor(options) {
    this.options = options;
    this.begun = Date.now();
    this.shown = new Shown();
  }

  say(text) { console.log(`${clockText(Date.now() - this.begun).padStart(6)}  ${text}`); }

  async run() {
    const { orders, faults, seed, durability, outage: minutes, generators, sentinels } =
      this.options;
    console.log(`./dev torture --orders ${orders} --faults ${faults} --seed ${seed} ` +
      `--durability ${durability}${minutes > 0 ? ` --outage ${minutes}` : ''}`
      + (generators ? ' --generators' : '') + (sentinels ? ' --sentinels' : ''));
    this.environment = await Environment.open({
      seed, durability, isLong: orders >= longFrom || (sentinels && durability === 'memory'),
      videosFail: minutes === 0, generators, sentinels });
    this.say(`logs ${this.environment.folder}`);
    await this.storm();
    const healed = Date.now();
    const states = await this.quiet();
    await this.buyers.leave();
    const findings = await this.lookOnce([...states.keys()]);
    const quietMs = Date.now() - healed;
    const verdict = await this.verdict(states);
    await this.keepBooks(verdict);
    await this.environment.close();
    const logs = this.environment.services.flatMap((one) => one.logs);
    const { findings: told, taken } = readLogs(logs);
    const surprises = this.environment.services.flatMap((one) => one.surprises);
    verdict.findings.push(...findings, ...told, ...surprises,
      ...this.mustHold(verdict, quietMs, taken));
    const table = rows({ ...this, verdict, taken, pair: this.environment.pair, quietMs,
      wallMs: Date.now() - this.begun });
    console.log(`\n${table.join('\n')}`);
    return verdict.findings;
  }

  // Buyers come and faults strike.
  async storm() {
    const { orders, faults, seed, outage: minutes } = this.options;
    const span = Math.max(orders * orderMs, faults * faultMs, spanMinMs);
    this.buyers = new Buyers(this.environment, this.shown, seed);
    this.injector = new FaultInjector(this.environment, seed);
    const progress = setInterval(() => this.say(
      `${this.buyers.paid} of ${orders} paid, ${this.injector.count} of ${faults} faults`),
    progressMs);
    try {
      [, this.struck] = await Promise.all([this.buyers.come(orders, span), minutes > 0
        ? outage(this.environment, minutes, span) : this.injector.strike(faults, span)]);
    } finally {
      clearInterval(progress);
    }
    for (const broken of this.injector.broken) this.say(`not carried out: ${broken}`);
    this.say('everybody has come; healing');
    if (minutes === 0) await this.environment.heal();
  }

  // Until no paid order has anything left to do: the state of each.
  async quiet() {
    const deadline = Date.now() + quietMaxMs[this.environment.isLong ? 'long' : 'short'];
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
    const { sessions } = await this.environment.sandbox.ledger('sessions');
    const ids = sessions.filter(isPaid).map((one) => one.id);
    const states = [];
    for (let from = 0; from < ids.length; from += 1000) {
      const some = ids.slice(from, from + 1000);
      const reply = await this.environment.pair.primary.ask('EVAL', readStates, '0', ...some);
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
        const answers = await Promise.all(this.environment.services.map((service) =>
          this.lookUntilAnswered(service.url, id)));
        if (answers.includes(null)) findings.push(`${id} cannot be looked at`);
        const texts = answers.map((answer) => JSON.stringify(answer));
        if (texts[0] !== texts[1]) findings.push(`${id} looks different at the two services`);
      }));
    }
    return findings;
  }

  // So many looks at once are too many for the limit of one client: then a little later.
  async lookUntilAnswered(base, id) {
    for (let tries = 0; tries < 100; ++tries) {
      const seen = await this.buyers.look(base, id);
      if (seen) return seen;
      await pause(300);
    }
    return null;
  }

  async verdict(states) {
    this.ledger = await this.environment.sandbox.ledger('sessions', 'charges', 'refunds', 'events',
      'deliveries', 'generations');
    const redisUrl = this.environment.pair.primary.url;
    return judge({ ledger: this.ledger, shown: this.shown, states, redisUrl });
  }

  // Beside the logs: the sandbox's books, and the history of each order that is spoken of.
  async keepBooks({ findings, extraUnits }) {
    const file = (name) => path.join(this.environment.folder, name);
    fs.writeFileSync(file('ledger.json'), JSON.stringify(this.ledger));
    const spokenOf = [...findings, ...extraUnits].join(' ').match(/cs_test_\w+/g) ?? [];
    for (const id of new Set(spokenOf)) {
      const { stdout } = await run(['session', 'show', id],
        { REDIS_URL: this.environment.pair.primary.url });
      fs.appendFileSync(file('orders.txt'), `${stdout}\n`);
    }
  }

  mustHold(verdict, quietMs, taken) {
    const findings = this.options.outage > 0 ? outageFindings(verdict, this.struck, quietMs) : [];
    const extraMost = extraAllowed(verdict.units, this.environment.pair, this.options, taken);
    if (verdict.extra > extraMost) findings.push('too many extra generations');
    if (this.injector.count < this.options.faults) findings.push('too few faults struck');
    if (this.buyers.gaveUp > 0) findings.push('buyers gave up');
    return findings;
  }
}

module.exports = { Torture };
