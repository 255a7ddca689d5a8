// The process itself, without peers: how soon it is ready, what it needs when nothing happens, and
// how soon it acts on an event.
'use strict';
const { eventually } = require('../test/blackbox/support/sandbox.js');
const { pause } = require('../test/torture/time.js');
const {
  acknowledged, eventElsewhere, eventOfPayment, statusOf, submitted,
} = require('./events.js');
const { OrderBench, orderPeers } = require('./orders.js');
const { used } = require('./programs.js');
const { median } = require('./rounds.js');

const [claimcheck] = orderPeers;
const readyRounds = 5;

// Milliseconds from the start of the process to its first 200 of /readyz.
async function readyAfter() {
  let begun;
  const start = (world) => {
    begun = process.hrtime.bigint();
    return claimcheck.start(world);
  };
  const bench = await OrderBench.open({ ...claimcheck, start });
  try {
    await eventually(async () => await statusOf(`${bench.url}/readyz`) === 200,
      { everyMs: 1, what: 'readiness' });
    return Number(process.hrtime.bigint() - begun) / 1e6;
  } finally {
    await bench.close();
  }
}

async function idle(bench, seconds) {
  await pause(2000);
  const before = bench.program.cpu();
  await pause(seconds * 1000);
  return used(before, bench.program.cpu()) / (seconds * 1e6) * 100;
}

// [what, figure], as they stand in the table.
async function processFigures({ idleSeconds, webhooks, submits }) {
  const ready = [];
  for (let i = 0; i < readyRounds; ++i) ready.push(await readyAfter());
  const bench = await OrderBench.open(claimcheck);
  try {
    const cpu = await idle(bench, idleSeconds);
    const memory = bench.program.memoryMb();
    const events = await acknowledged(bench, webhooks);
    await bench.sandbox.pauseWebhooks();
    const begun = await submitted(bench, submits, eventOfPayment);
    const elsewhere = await submitted(bench, submits, eventElsewhere);
    const at = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)];
    return [
      ['ready after, ms', median(ready)], ['idle, MB', memory], ['idle, % of a core', cpu],
      ['events a second', events.rate], ['event to 200, ms: median', events.p50],
      ['99 of 100', events.p99],
      ['200 of a payment to its submit, ms: median', at(begun, 0.5)],
      ['99 of 100', at(begun, 0.99)],
      ['the same, acknowledged by another process, ms: median', at(elsewhere, 0.5)],
      ['99 of 100', at(elsewhere, 0.99)],
    ].map(([name, figure]) => ({ name, figure }));
  } finally {
    await bench.close();
  }
}

module.exports = { processFigures };
