// Events as Stripe sends them, and how soon the server acts on them.
'use strict';
const { createHmac } = require('node:crypto');
const http = require('node:http');
const { secrets } = require('../test/blackbox/support/claimcheck.js');
const { pause } = require('../test/torture/time.js');

function statusOf(url, options = {}, body = '') {
  return new Promise((resolve) => {
    const request = http.request(url, options, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    });
    request.on('error', () => resolve(0));
    request.end(body);
  });
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

// Sorted milliseconds from an event's sending to its answer. The events are about unpaid orders,
// each with a session at the sandbox, so that each event leads to a pass as a real one.
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

// Sorted milliseconds from the 200 of the event about a payment until the generator was asked, one
// order after the other; 0 = before the 200 was here.
async function submitted(bench, count) {
  const answered = new Map();  // by prompt
  await bench.sandbox.pauseWebhooks();
  for (let i = 0; i < count; ++i) {
    const prompt = `cat ${i}`;
    const [id] = await bench.buy(1, prompt);
    const { body, headers } = signedEvent(id, `paid_${i}`);
    const status = await statusOf(`${bench.url}/api/webhooks/stripe`,
      { method: 'POST', headers }, body);
    if (status !== 200) throw new Error(`an event was answered ${status}`);
    answered.set(prompt, Date.now());
    await bench.done([id]);
  }
  await bench.sandbox.resumeWebhooks();
  const { generations } = await bench.sandbox.ledger('generations');
  return generations.filter(({ prompt }) => answered.has(prompt))
    .map(({ prompt, at }) => Math.max(0, Date.parse(at) - answered.get(prompt)))
    .sort((a, b) => a - b);
}

module.exports = { acknowledged, statusOf, submitted };
