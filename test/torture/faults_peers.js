// Faults of Stripe, its webhooks and the generator, played by the sandbox. Each holds for a while
// and resolves with how often it struck.
'use strict';

const stripe = ['POST /v1/checkout/sessions', 'GET /v1/checkout/sessions/*', 'POST /v1/charges/*',
  'GET /v1/refunds', 'POST /v1/refunds', 'GET /v1/events'];
// A stored 500 on a refund is left alone for ten minutes, for which a short run has no time.
const stripeShort = stripe.filter((route) => route !== 'POST /v1/refunds');
const submit = 'POST /api/v1/file/generate-video';
const list = 'GET /api/v1/file';
const poll = 'GET /api/v1/file/*';
// The second generator's, which is called only with --generators.
const atFal = { [submit]: 'POST /fal/*', [poll]: 'GET /fal/*' };
const nothing = { items: [], total: 0, limit: 50, offset: 0, next: null };
const paidEvent = 'WEBHOOK checkout.session.*';

function ofPeers(name, makeRules, [leastMs, mostMs] = [2000, 8000], weight = 2) {
  return {
    name, weight, locks: [],
    run: (environment, chance) =>
      environment.peers.during(chance.between(leastMs, mostMs), ...makeRules(chance, environment)),
  };
}

// Every route of Stripe that we use, with that probability.
function stripeFault(name, action, probability = 0.4) {
  return ofPeers(name, (chance, { isLong }) => {
    const keepsAnswer = action.execute && action.status;
    const routes = keepsAnswer && !isLong ? stripeShort : stripe;
    return routes.map((match) => ({ match, probability, action }));
  });
}

function generatorFault(name, makeAction, { probability = 0.7, match = submit } = {}) {
  return ofPeers(name, (chance) => {
    const action = makeAction(chance);
    return [match, atFal[match]].map((each) => ({ match: each, probability, action }));
  });
}

// Old events come again, several at once.
async function resend({ sandbox }, chance) {
  const { events } = await sandbox.ledger('events');
  const some = chance.shuffled(events.filter((one) => one.session)).slice(0, 5);
  for (const event of some) await sandbox.resend(event.id, chance.between(1, 5));
  return some.length;
}

module.exports = [
  stripeFault('Stripe answers 500', { status: 500 }),
  stripeFault('Stripe acts and answers 500', { status: 500, execute: true }, 0.2),
  stripeFault('Stripe answers 409', { status: 409 }),
  stripeFault('Stripe answers 429', { status: 429 }),
  stripeFault('Stripe hangs up', { drop: true }),
  stripeFault('Stripe acts and hangs up', { drop: true, execute: true }),
  stripeFault('Stripe is slow', { answer_delay_ms: 9000 }),

  generatorFault('generator answers after our time-out', () => ({ answer_delay_ms: 18000 })),
  generatorFault('generator accepts after our time-out', (chance) =>
    ({ delay_ms: chance.between(16000, 50000) })),
  generatorFault('generator accepts and hangs up', () => ({ drop: true, execute: true })),
  generatorFault('generator accepts and answers 500', () => ({ status: 500, execute: true })),
  generatorFault('generator answers 500', () => ({ status: 500 }), { probability: 0.4 }),
  generatorFault('generator answers 429', () => ({ status: 429, headers: { 'retry-after': '2' } })),
  generatorFault('generator answers 409', () => ({ status: 409 }), { probability: 0.2 }),
  generatorFault('polls fail', (chance) => chance.pick(
    [{ status: 404 }, { status: 524, html: true }, { status: 429 }, { drop: true }]),
  { match: poll }),
  generatorFault('videos fail', () => ({ task: 'error' }), { probability: 0.4 }),
  ofPeers('generator lists what it accepted late', () => [
    { match: submit, probability: 0.7, action: { drop: true, execute: true } },
    { match: list, times: 0, action: { status: 200, body: nothing } }], [8000, 30000], 1),

  ofPeers('webhooks dropped', () => [{ match: 'WEBHOOK *', probability: 0.6,
    action: { drop: true } }]),
  ofPeers('webhooks late', (chance) => [{ match: paidEvent, probability: 0.8,
    action: { delay_ms: chance.between(3000, 40000) } }]),
  ofPeers('webhooks ten at once', () => [{ match: paidEvent, times: 0, action: { copies: 10 } }]),
  { name: 'old webhooks again', weight: 2, locks: [], run: resend },
];
