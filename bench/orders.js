// The order path: from the checkout to the written status, by claimcheck and by the usual stack.
// Buyers order and pay, so many at once; the sandbox plays Stripe and the generator. That an order
// is done is read from Redis, so that nobody's server has to answer for it.
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { defaults, secrets } = require('../test/blackbox/support/claimcheck.js');
const { freePort } = require('../test/blackbox/support/port.js');
const { Sandbox, eventually } = require('../test/blackbox/support/sandbox.js');
const { Program, loadCore, used } = require('./programs.js');
const { RedisCommands } = require('./redis_commands.js');
const { RedisServer } = require('./redis_server.js');
const { inRounds } = require('./rounds.js');
const { writeSessions } = require('./sessions.js');
const { claimcheck, nodeIsOld } = require('./status_peers.js');

const buyersAtOnce = 32;
const counted = 50;  // orders of the run that is counted and not timed
const patienceMs = 300000;
const usualPrompt = 100;  // bytes
const endBytes = 1500;  // of a session value: what stands behind its prompt

const orderPeers = [
  { ...claimcheck,
    start: (world) => claimcheck.start({
      ...world, settings: { CLAIMCHECK_STRIPE_CALLS_PER_SECOND: '1000' } }) },
  {
    name: 'fastify + stripe + BullMQ',
    async start({ redis, sandbox }) {
      if (nodeIsOld()) return nodeIsOld();
      const port = await freePort();
      const program = await Program.start('fastify',
        ['node', path.join(__dirname, 'peers', 'fastify_orders.js')], {
          answers: `http://127.0.0.1:${port}/`,
          env: {
            ...defaults, PORT: String(port), REDIS_PORT: String(redis.port), SANDBOX: sandbox.url,
            NODE_ENV: 'production',
          },
        });
      return Object.assign(program, { port });
    },
  },
];

const agent = new http.Agent({ keepAlive: true, maxSockets: buyersAtOnce });

function post(url, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers },
    }, async (response) => {
      let text = '';
      for await (const part of response.setEncoding('utf8')) text += part;
      if (response.statusCode === 200) resolve(JSON.parse(text));
      else reject(new Error(`${url}: ${response.statusCode} ${text}`));
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

class OrderBench {
  // Everything new for each run, so that no run pays for what another has left.
  static async open(peer, sandboxOptions = ['--generate-ms', '1']) {
    const bench = new OrderBench();
    bench.peer = peer;
    bench.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-bench-'));
    bench.redis = await RedisServer.start();
    bench.sandbox = await Sandbox.start(sandboxOptions);
    const { pid } = bench.sandbox.child;
    execFileSync('taskset', ['-acp', String(loadCore), String(pid)]);
    // Stripe is elsewhere in real life: Redis and the load go first on the core that they share.
    for (const thread of fs.readdirSync(`/proc/${pid}/task`)) {
      os.setPriority(Number(thread), os.constants.priority.PRIORITY_LOW);
    }
    bench.program = await peer.start(bench);
    if (typeof bench.program === 'string') return bench;
    bench.url = `http://127.0.0.1:${bench.program.port}`;
    await bench.sandbox.webhook(`${bench.url}/api/webhooks/stripe`,
      secrets.STRIPE_WEBHOOK_SECRET);
    return bench;
  }

  // Their ids. Without `paid` they stay open.
  async buy(count, prompt, paid = true) {
    let begun = 0;
    const bought = [];
    const buyer = async () => {
      while (begun < count) {
        const number = begun++;
        const { sessionId } = await post(`${this.url}/api/create-checkout`,
          { priceId: 'price_single', quantity: 1, prompt },
          { 'x-forwarded-for': `10.1.${number >> 8}.${number & 255}` });
        if (paid) await this.sandbox.pay(sessionId);
        bought.push(sessionId);
      }
    };
    await Promise.all(Array.from({ length: buyersAtOnce }, buyer));
    return bought;
  }

  // Until each is completed; an order that failed ends the benchmark.
  done(ids) {
    let open = ids;
    return eventually(async () => {
      const values = await Promise.all(open.map((id) =>
        this.redis.ask('GETRANGE', `session:${id}`, -endBytes, -1)));
      const failed = values.find((value) => /"status":"error"/.test(value));
      if (failed) throw new Error(`${this.peer.name}: ${failed}`);
      open = open.filter((id, i) => !/"status":"completed"/.test(values[i]));
      return open.length === 0;
    }, { withinMs: patienceMs, everyMs: 50, what: `orders of ${this.peer.name}` });
  }

  async run(count, prompt) {
    await this.done(await this.buy(Math.ceil(count / 10), prompt));  // warm
    const cpu = () => [this.program.cpu(), this.redis.cpu()];
    const begun = process.hrtime.bigint();
    const before = cpu();
    await this.done(await this.buy(count, prompt));
    const after = cpu();
    const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
    return {
      server: used(before[0], after[0]) / count,
      user: (after[0].user - before[0].user) / count,
      system: (after[0].system - before[0].system) / count,
      redis: used(before[1], after[1]) / count,
      seconds, rate: count / seconds, memory: this.program.memoryMb(),
    };
  }

  // Bytes that all keys take.
  async kept() {
    const keys = await this.redis.ask('KEYS', '*');
    const sizes = await Promise.all(keys.map((key) =>
      this.redis.ask('MEMORY', 'USAGE', Buffer.from(key, 'latin1').toString(), 'SAMPLES', '0')));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  // What an order is on the wire and in Redis: nothing of it is timed.
  async count(prompt) {
    await this.done(await this.buy(1, prompt));  // scripts are loaded, lists have begun
    const commands = await RedisCommands.watch(this.redis.port, this.redis.link);
    const calls = async () => (await this.sandbox.ledger('requests')).requests.length;
    const [keptBefore, callsBefore] = [await this.kept(), await calls()];
    await this.done(await this.buy(counted, prompt));
    await commands.caughtUp();
    const result = {
      commands: commands.seen.length / counted,
      calls: (await calls() - callsBefore) / counted,
      written: commands.seen.reduce((sum, { bytes }) => sum + bytes, 0) / counted,
      kept: (await this.kept() - keptBefore) / counted,
    };
    commands.stop();
    return result;
  }

  async close() {
    await this.program?.stop?.();
    await this.sandbox.stop();
    await this.redis.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

async function withBench(peer, use) {
  const bench = await OrderBench.open(peer);
  try {
    return typeof bench.program === 'string' ? bench.program : await use(bench);
  } finally {
    await bench.close();
  }
}

const promptOf = (bytes) => 'a cinematic drone shot of the city at night. '.repeat(
  Math.ceil(bytes / 45)).slice(0, bytes);

async function compareOrders({ orders, rounds }) {
  const prompt = promptOf(usualPrompt);
  const able = [];
  for (const peer of orderPeers) {
    const counts = await withBench(peer, (bench) => bench.count(prompt));
    if (typeof counts === 'string') console.log(`left out: ${peer.name}, ${counts}`);
    else able.push({ ...peer, counts });
  }
  const rows = await inRounds(rounds, able, 'server', (peer) =>
    withBench(peer, (bench) => bench.run(orders, prompt)));
  return rows.map((row, i) => ({ ...row, ...able[i].counts }));
}

// Lines for a plot: server µs an order of the best round, against `points` of run(bench, point).
async function linesOf(points, rounds, run) {
  const able = nodeIsOld() ? [orderPeers[0]] : orderPeers;
  const lines = able.map(({ name }) => ({ name, points: [] }));
  for (const point of points) {
    const rows = await inRounds(rounds, able, 'server', (peer) =>
      withBench(peer, (bench) => run(bench, point)));
    rows.forEach(({ least }, i) => lines[i].points.push([point, least]));
  }
  return lines;
}

const ordersByPrompt = ({ sizes, orders, rounds }) => linesOf(sizes, rounds,
  (bench, size) => bench.run(orders, promptOf(size)));

const ordersByStored = ({ stored, orders, rounds }) => linesOf(stored, rounds,
  async (bench, count) => {
    await writeSessions(bench.redis, count);
    return bench.run(orders, promptOf(usualPrompt));
  });

module.exports = { OrderBench, compareOrders, orderPeers, ordersByPrompt, ordersByStored };
