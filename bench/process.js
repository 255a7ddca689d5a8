// The process itself, without peers: how soon it is ready, what it needs when nothing happens, and
// how long Stripe waits for its 200 when events come at a fixed rate. The events are about unpaid
// orders, each with a session at the sandbox, so that each event leads to a pass as a real one.
'use strict';
const { createHmac } = require('node:crypto');
const http = require('node:http');
const { secrets } = require('../test/blackbox/support/claimcheck.js');
const { eventually } = require('../test/blackbox/support/sandbox.js');
const { pause } = require('../test/torture/time.js');
const { OrderBench, orderPeers } = require('./orders.js');
const { used } = require('./programs.js');
const { median } = require('./rounds.js');

const [claimcheck] = orderPeers;
const readyRounds = 5;

function statusOf(url, options = {}, body = '') {
  return new Promise((resolve) => {
    const request = http.request(url, options, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    });
    request.on('error', () => resolve(0));
    request.end(body);
  });
}

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

function signedEvent(id, number) {
  const created = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({
    id: `evt_${number}`, object: 'event', type: 'checkout.session.completed', created,
    livemode: false, data: { object: { id, object: 'checkout.session' } },
  });
  const digest = createHmac('sha256', secrets.STRIPE_WEBHOOK_SECRET)
    .update(`${created}.${body}`).digest('hex');
  return { body, headers: { 'stripe-signature': `t=${created},v1=${digest}` } };
}

// Sorted milliseconds from an event's sending to its answer.
async function acknowledged(bench, { orders, perSecond, seconds }) {
  const ids = await bench.buy(orders, 'a cat', false);
  const agent = new http.Agent({ keepAlive: true });
  const events = Array.from({ length: perSecond * seconds },
    (_, i) => signedEvent(ids[i % ids.length], i));
  const waits = [];
  const start = performance.now();
  const send = async ({ body, headers }, number) => {
    const due = start + number / perSecond * 1000;
    const status = await statusOf(`${bench.url}/api/webhooks/stripe`,
      { method: 'POST', agent, headers }, body);
    if (status !== 200) throw new Error(`an event was answered ${status}`);
    waits.push(performance.now() - due);  // from when it was due: a late sender hides nothing
  };
  const all = [];
  while (all.length < events.length) {
    const due = Math.min(events.length, (performance.now() - start) / 1000 * perSecond);
    while (all.length < due) {
      const sent = send(events[all.length], all.length);
      sent.catch(() => null);  // Promise.all() below tells of it
      all.push(sent);
    }
    await pause(1);
  }
  await Promise.all(all);
  agent.destroy();
  return waits.sort((a, b) => a - b);
}

// [what, figure], as they stand in the table.
async function processFigures({ idleSeconds, webhooks }) {
  const ready = [];
  for (let i = 0; i < readyRounds; ++i) ready.push(await readyAfter());
  const bench = await OrderBench.open(claimcheck);
  try {
    const cpu = await idle(bench, idleSeconds);
    const memory = bench.program.memoryMb();
    const waits = await acknowledged(bench, webhooks);
    const at = (share) => waits[Math.floor((waits.length - 1) * share)];
    return [
      ['ready after, ms', median(ready)], ['idle, MB', memory], ['idle, % of a core', cpu],
      [`event to 200 at ${webhooks.perSecond}/s, ms: median`, at(0.5)], ['99 of 100', at(0.99)],
    ].map(([name, figure]) => ({ name, figure }));
  } finally {
    await bench.close();
  }
}

module.exports = { processFigures };
