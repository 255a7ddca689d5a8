// What one order costs in numbers that are the same on every machine: commands that claimcheck
// sends to Redis and their bytes, calls that it makes to Stripe and the generator, and how often it
// asks for memory. One order after the other on servers of their own. What a process does by itself
// from time to time, whether there are orders or not, is left out: commands by their names, of the
// rest the least of several orders is taken.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { eventually } = require('../test/blackbox/support/sandbox.js');
const { Shop } = require('../test/blackbox/support/shop.js');
const { Allocations } = require('./allocations.js');
const { RedisCommands } = require('./redis_commands.js');
const { RedisLink } = require('./redis_link.js');

const repeats = 5;
// Beats of the process itself: its look at the work index, at Redis and at what to warn of.
const ofItself = [/^(PING|INFO|CONFIG|COMMAND|TIME|CLIENT|HELLO|SCRIPT)$/, /^(take|rights)$/];
const keysOfItself = /^claimcheck:(meta$|stats|\{alerts\}|\{m\}|marks)/;

// For questions, which cost nothing but a PING: health checks are too seldom to count among many.
const asked = (one) => one.name === 'PING' || !isOfItself(one);

const isOfItself = ({ name, words }) => ofItself.some((one) => one.test(name))
  || words.some((word) => keysOfItself.test(word));

// The names of calls without what differs from order to order.
const callName = ({ method, path }) => `${method} ${path.replace(/\?.*/, '')
  .replace(/\/media\/.*/, '/media/{file}')
  .replace(/\/(cs_test_|ch_|pi_)\w+/g, '/{id}')
  .replace(/\/[0-9a-f]{8}-[0-9a-f-]+/g, '/{id}')}`;

function tally(names) {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

// The least of each: a beat that we do not know of may have come between.
function least(all) {
  const names = new Set(all.flatMap((one) => Object.keys(one)));
  return Object.fromEntries([...names].sort().map((name) =>
    [name, Math.min(...all.map((one) => one[name] ?? 0))]).filter(([, count]) => count > 0));
}

class CostedShop {
  static async open() {
    const costed = new CostedShop();
    costed.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-bench-'));
    costed.allocations = new Allocations(costed.folder);
    costed.shop = await Shop.open({
      ownRedis: true, sandbox: ['--generate-ms', '1'],
      settings: {
        CLAIMCHECK_DURABILITY: 'memory', CLAIMCHECK_STRIPE_CALLS_PER_SECOND: '1000',
        ...costed.allocations.env,
      },
    });
    costed.link = await RedisLink.open(costed.shop.ownRedis.port);
    costed.commands = await RedisCommands.watch(costed.shop.ownRedis.port, costed.link);
    await costed.commands.forgetScripts();
    await costed.shop.afterBirth();
    await costed.order(1);  // scripts are loaded
    return costed;
  }

  // Orders and pays; over when the order is out of the work index.
  order(quantity) {
    return this.cost(async () => {
      const { shop, link } = this;
      const id = this.id = await shop.paidOrder({ quantity });
      await eventually(async () =>
        /"status":"completed"/.test(await link.ask('GET', `session:${id}`))
        && (await link.ask('ZSCORE', 'claimcheck:{p00}:due', id)) === null
        && (await link.ask('HGET', 'claimcheck:{p00}:taken', id)) === null,
      { what: `the end of ${id}` });
    });
  }

  // The status of the last order, ten times on one connection.
  async read() {
    await this.shop.status(this.id);  // now it is kept
    return this.cost(async () => {
      for (let i = 0; i < 10; ++i) await this.shop.status(this.id);
    }, asked);
  }

  async cost(work, counts = (one) => !isOfItself(one)) {
    await this.commands.caughtUp();
    const callsBefore = (await this.calls()).length;
    const from = this.commands.seen.length;
    const allocationsBefore = this.allocations.count;
    await work();
    const allocations = this.allocations.count - allocationsBefore;
    await this.commands.caughtUp();
    const own = this.commands.seen.slice(from).filter(counts);
    return {
      commands: tally(own.map(({ name }) => name)),
      calls: tally((await this.calls()).slice(callsBefore).map(callName)),
      bytes: own.reduce((sum, one) => sum + one.bytes, 0), allocations,
    };
  }

  async calls() { return (await this.shop.sandbox.ledger('requests')).requests; }

  async close() {
    this.commands.stop();
    this.link.close();
    await this.shop.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

async function repeated(what) {
  const all = [];
  for (let i = 0; i < repeats; ++i) all.push(await what());
  return {
    commands: least(all.map((one) => one.commands)), calls: least(all.map((one) => one.calls)),
    bytes: Math.min(...all.map((one) => one.bytes)),
    allocations: Math.min(...all.map((one) => one.allocations)),
  };
}

// { 'an order of one video': { commands, calls, bytes, allocations }, … }
async function orderCost() {
  const costed = await CostedShop.open();
  try {
    const one = await repeated(() => costed.order(1));
    const three = await repeated(() => costed.order(3));
    const status = await repeated(() => costed.read());
    return {
      'an order of one video': one, 'an order of three videos': three,
      'ten statuses that are read': status,
    };
  } finally {
    await costed.close();
  }
}

const total = (counts) => Object.values(counts).reduce((sum, one) => sum + one, 0);

// The form of test/data/order_cost.txt.
function costText(cost) {
  const row = (name, count, depth) => `${' '.repeat(depth)}${name}`.padEnd(56)
    + String(count).padStart(6);
  const lines = Object.entries(cost).flatMap(([what, one]) => [
    `[${what}]`,
    row('allocations', one.allocations, 0),
    row('bytes to Redis', one.bytes, 0),
    row('commands to Redis', total(one.commands), 0),
    ...Object.entries(one.commands).map(([name, count]) => row(name, count, 2)),
    row('calls to Stripe and the generator', total(one.calls), 0),
    ...Object.entries(one.calls).map(([name, count]) => row(name, count, 2)), '',
  ]);
  return lines.join('\n');
}

// Numbers by section and name: { '[…] commit': 4 }.
function readCost(text) {
  const numbers = {};
  let section = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) section = line;
    const found = /^ *(.*?) +(\d+)$/.exec(line);
    if (found) numbers[`${section} ${found[1]}`] = Number(found[2]);
  }
  return numbers;
}

module.exports = { costText, orderCost, readCost };
