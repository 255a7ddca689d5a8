// Events as Stripe sends them, and how soon the server acts on them.
'use strict';
const { createHmac } = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { secrets } = require('../test/blackbox/support/claimcheck.js');
const { wakeOthers } = require('./work_index.js');
const { wrk } = require('./wrk.js');

const connections = 64;

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

// How soon events are acknowledged that come at about this rate, over 64 connections of wrk:
// { rate, p50, p99 }, in events a second and milliseconds. The events are about unpaid orders, each
// with a session at the sandbox, so that each event leads to a pass as a real one.
async function acknowledged(bench, { orders, perSecond, seconds }) {
  const ids = await bench.buy(orders, 'a cat', false);
  const file = path.join(bench.folder, 'events');
  const lines = Array.from({ length: 2 * perSecond * seconds }, (_, i) => {
    const { body, headers } = signedEvent(ids[i % ids.length], i);
    return `${headers['stripe-signature']}\t${body}\n`;
  });
  fs.writeFileSync(file, lines.join(''));
  const rest = Math.round(connections / perSecond * 1000);
  const { requests, us, p50, p99 } = await wrk(bench.url, 'events.lua',
    ['/api/webhooks/stripe', rest], { connections, seconds, env: { EVENTS: file } });
  return { rate: requests / us * 1e6, p50: p50 / 1000, p99: p99 / 1000 };
}

// Stripe's event about the payment, to the process that goes on with the order.
async function eventOfPayment(bench, id) {
  const { body, headers } = signedEvent(id, `paid_${id}`);
  const status = await statusOf(`${bench.url}/api/webhooks/stripe`,
    { method: 'POST', headers }, body);
  if (status !== 200) throw new Error(`an event was answered ${status}`);
}

// The same event, acknowledged by another process that has no place for the order.
const eventElsewhere = (bench, id) => wakeOthers(bench.redis, id);

// Sorted milliseconds from the acknowledgement of a payment until the generator was asked, one
// order after the other; 0 = before it. The sandbox's own events are paused.
async function submitted(bench, count, acknowledge) {
  const answered = new Map();  // by prompt
  for (let i = 0; i < count; ++i) {
    const prompt = `cat ${acknowledge.name} ${i}`;
    const [id] = await bench.buy(1, prompt);
    await acknowledge(bench, id);
    answered.set(prompt, Date.now());
    await bench.done([id]);
  }
  const { generations } = await bench.sandbox.ledger('generations');
  return generations.filter(({ prompt }) => answered.has(prompt))
    .map(({ prompt, at }) => Math.max(0, Date.parse(at) - answered.get(prompt)))
    .sort((a, b) => a - b);
}

module.exports = { acknowledged, eventElsewhere, eventOfPayment, statusOf, submitted };
