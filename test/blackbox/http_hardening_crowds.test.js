// E3: sockets by the thousand that are silent, or stop in the middle of a request, do not keep a
// webhook or a buyer out. The latencies are printed, not judged: they depend on the machine.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const Stripe = require('stripe');
const { secrets } = require('./support/claimcheck.js');
const { Crowd, openFilesMax } = require('./support/raw.js');
const { eventually } = require('./support/sandbox.js');
const { Shop } = require('./support/shop.js');
const { fixture } = require('./support/stripe.js');

const stripe = new Stripe('sk_test_x');
const wanted = 10000;
const knocks = 500;
const keptBack = 300;  // of this machine's open files: what both programs need besides

const sockets = Math.min(wanted, openFilesMax - keptBack);

const begun = 'POST /api/webhooks/stripe HTTP/1.1\r\nHost: x\r\n';
const crowds = {
  'nothing said': '',
  'half a header': `${begun}X-Slow: `,
  'half a body': `${begun}Content-Length: 999\r\n\r\n{"id"`,
};

async function knock(shop, id) {
  const payload = JSON.stringify({
    ...fixture('event.checkout.session.completed.paid'),
    data: { object: { id, object: 'checkout.session', payment_status: 'paid' } },
  });
  const signature = stripe.webhooks.generateTestHeaderString(
    { payload, secret: secrets.STRIPE_WEBHOOK_SECRET });
  const started = performance.now();
  const { status } = await shop.ask('POST', '/api/webhooks/stripe',
    { body: payload, headers: { 'stripe-signature': signature, connection: 'close' } });
  return { status, ms: performance.now() - started };
}

// One after the other, each over a connection of its own: p50 and p99 in ms.
async function knockOften(shop) {
  const taken = [];
  for (let i = 0; i < knocks; ++i) {
    const { status, ms } = await knock(shop, 'cs_test_nobodyKnowsMe');
    assert.equal(status, 200, `knock ${i}`);
    taken.push(ms);
  }
  taken.sort((a, b) => a - b);
  const at = (share) => taken[Math.ceil(share * knocks) - 1].toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

describe('E3 crowds', { concurrency: false }, () => {
  for (const [what, bytes] of Object.entries(crowds)) {
    test(`E3 ${wanted} sockets with ${what}: every webhook is answered`, (t) =>
      Shop.with({ webhooks: false }, async (shop) => {
        t.diagnostic(`alone: ${await knockOften(shop)}`);
        const crowd = await Crowd.open(shop.server.url, bytes, { sockets });
        try {
          assert.equal(crowd.opened, sockets);
          t.diagnostic(`${sockets} sockets${sockets < wanted ? ' (the hard limit)' : ''}: ` +
            `${await knockOften(shop)}; ${await crowd.standing()} still stand`);
          assert.equal((await shop.ask('GET', '/readyz')).status, 200);
        } finally {
          await crowd.close();
        }
      }));
  }

  test('E3 more sockets than the server may hold: the oldest go, orders go on', (t) =>
    Shop.with({ openFiles: 400 }, async (shop) => {
      const { connections_max: most } = await shop.server.event('listening');
      assert.equal(most, 200);
      const crowd = await Crowd.open(shop.server.url, '', { sockets: 1000, processes: 1 });
      try {
        const id = await shop.paidOrder();
        await shop.completed(id);
        t.diagnostic(await knockOften(shop));
        await eventually(async () => await crowd.standing() < most, { what: 'room' });
      } finally {
        await crowd.close();
      }
    }));

  test('E3 the soft limit of open files is raised to the hard one', () =>
    Shop.with({ webhooks: false }, async (shop) => {
      const { connections_max: most } = await shop.server.event('listening');
      const kept = Math.min(256, Math.floor(openFilesMax / 2));
      assert.equal(most, Math.min(20000, openFilesMax - kept));
    }));
});
