// Many open orders after a crash: one paid order whose video is being made, and copies of it under
// other session ids, all due. The process is killed and started again. What is stored for a copy is
// what is stored for the first, so all of them ask about the same job.
'use strict';
const { secrets } = require('../test/blackbox/support/claimcheck.js');
const { eventually } = require('../test/blackbox/support/sandbox.js');
const { statusOf } = require('./events.js');
const { OrderBench, orderPeers } = require('./orders.js');
const { dueKey, partOf, partsOf } = require('./work_index.js');

const [claimcheck] = orderPeers;
const copiedAtOnce = 1000;
const patienceMs = 600000;
const numberDigits = 12;

const keysOf = (id) => [`session:${id}`, `claim:{session:${id}}`, `history:{session:${id}}`];

async function copyOrder(redis, id, count) {
  const dueUs = Date.now() * 1000;
  const parts = await partsOf(redis);
  const copy = (number) => {
    const other = id.slice(0, -numberDigits) + String(number).padStart(numberDigits, '0');
    const copies = keysOf(other).map((key, i) => redis.ask('COPY', keysOf(id)[i], key));
    return [...copies, redis.ask('ZADD', dueKey(partOf(other, parts)), dueUs, other)];
  };
  for (let first = 0; first < count; first += copiedAtOnce) {
    const numbers = Array.from({ length: Math.min(copiedAtOnce, count - first) },
      (_, i) => first + i);
    await Promise.all(numbers.flatMap(copy));
  }
  return dueUs;
}

// How many have not had a pass since they were due.
async function untouched(redis, dueUs, parts) {
  const counts = await Promise.all(Array.from({ length: parts }, (_, part) =>
    redis.ask('ZCOUNT', dueKey(part), '-inf', dueUs)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function stripeCalls(url) {
  const headers = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
  const answer = await fetch(`${url}/metrics`, { headers });
  if (!answer.ok) throw new Error(`/metrics: ${answer.status}`);
  const text = await answer.text();
  const counts = [...text.matchAll(/^claimcheck_stripe_requests_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

const secondsSince = (begun) => Number(process.hrtime.bigint() - begun) / 1e9;

// [what, figure], as they stand in the table.
async function backlogFigures({ orders }) {
  const bench = await OrderBench.open(claimcheck, ['--generate-ms', '3600000']);
  try {
    const [id] = await bench.buy(1, 'a cat');
    const job = () => bench.redis.ask('HGET', keysOf(id)[1], 'u0.state');
    await eventually(async () => await job() === 'running', { what: 'the job' });
    bench.program.child.kill('SIGKILL');
    await bench.program.ended;
    const dueUs = await copyOrder(bench.redis, id, orders);
    const parts = await partsOf(bench.redis);
    const begun = process.hrtime.bigint();
    bench.program = await claimcheck.start(bench);
    const url = `http://127.0.0.1:${bench.program.port}`;
    await eventually(async () => await statusOf(`${url}/readyz`) === 200,
      { everyMs: 1, what: 'readiness' });
    const ready = secondsSince(begun);
    await eventually(async () => await untouched(bench.redis, dueUs, parts) === 0,
      { withinMs: patienceMs, what: 'a pass of each order' });
    const taken = secondsSince(begun);
    return [
      ['ready after, ms', ready * 1000], ['each had a pass after, s', taken],
      ['passes a second', orders / taken], ['MB', bench.program.memoryMb()],
      ['calls to Stripe meanwhile', await stripeCalls(url)],
    ].map(([name, figure]) => ({ name, figure }));
  } finally {
    await bench.close();
  }
}

module.exports = { backlogFigures };
