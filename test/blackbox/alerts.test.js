// Somebody is called: each condition that needs a person is told to the operators and to the shop
// once when it opens and once when it ends, however many processes there are and whenever one dies.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { privateWord, run, secrets } = require('./support/claimcheck.js');
const { Hook } = require('./support/hook.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel } = require('./support/shop.js');
const { SmtpSink } = require('./support/smtp.js');

const operator = { headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` } };
const owners = ['owner@shop.example', 'second@shop.example'];
const submit = 'POST /api/v1/file/generate-video';
const patience = { withinMs: 90000 };

// A shop called "Cat Films" whose operators have an address and whose shop has a receiver.
function alertTest(name, options, use) {
  test(name, async () => {
    const hook = await Hook.open();
    const mails = await SmtpSink.open();
    const settings = { ...hook.settings(), CLAIMCHECK_SMTP_URL: mails.url,
      CLAIMCHECK_MAIL_FROM: 'orders@shop.example', CLAIMCHECK_OPERATOR_MAIL: owners.join(', '),
      CLAIMCHECK_PUBLIC_URL: 'https://video.example.com', CLAIMCHECK_ALERT_AFTER: '1s',
      ...options.settings };
    try {
      await Shop.with({ config: '[shop]\nname = "Cat Films"\n', ownRedis: true, ...options,
        settings }, (shop) => use(shop, mails, hook));
    } finally {
      await mails.stop();
      await hook.stop();
    }
  });
}

const now = async (shop) => (await shop.ask('GET', '/api/ops/stats', operator)).json.now;
const open = async (shop) => (await now(shop)).alerts.map(({ alert }) => alert);
const subject = (mails, text) => eventually(() => mails.subjects().includes(text),
  { ...patience, what: `the mail ${text}` });

// Of a shop that refunds nothing by itself.
const manual = { settings: { CLAIMCHECK_REFUNDS: 'manual' } };
// The mails to the operators.
const called = (mails) => mails.received.filter(({ to }) => to.includes(owners[0]));
async function heldOrder(shop) {
  await shop.sandbox.faults({ match: submit, action: { task: 'error' } });
  return shop.paidOrder();
}

describe('an alert', parallel, () => {
  alertTest('of a held order: one mail and one notice of two processes, and an end', manual,
    async (shop, mails, hook) => {
      const other = await shop.another();
      const id = await heldOrder(shop);
      await subject(mails, 'Cat Films: 1 order is held');
      await eventually(() => hook.alerts().length === 1);
      const logged = (event) => eventually(() =>
        [shop.server, other].flatMap((one) => one.events(event))[0]);
      assert.equal((await logged('alert_open')).why, '1 order waits for a person\'s decision.');
      const [{ type, data }] = hook.alerts();
      assert.deepEqual([type, data.alert, data.state, data.count],
        ['alert.opened', 'held', 'open', 1]);
      assert.equal(data.url, 'https://video.example.com/ops#/orders/held');
      const [mail] = called(mails);
      assert.deepEqual(mail.to, owners);
      assert.ok(mail.parts[0].body.includes('https://video.example.com/ops#/orders/held'));
      assert.ok(!mail.raw.includes(privateWord) && !mail.raw.includes(id));

      const [{ alert, severity, count, title, page }] = (await now(shop)).alerts;
      assert.deepEqual([alert, severity, count, title, page],
        ['held', 'warning', 1, '1 order is held', '/ops#/orders/held']);
      // The other process may have opened it: this one then learns of it with its next look.
      await eventually(async () => /^claimcheck_alert_open\{alert="held"\} 1$/m.test(
        (await shop.ask('GET', '/metrics', operator)).text), { what: 'the open alert' });
      const doctor = await run(['doctor'],
        { ...shop.server.settings, CLAIMCHECK_PUBLIC_URL: shop.server.url });
      assert.match(doctor.stdout, /^doubt +alert +1 order is held, since .*: Open the/m);

      const refunded = await shop.ask('POST', `/api/ops/sessions/${id}/actions`,
        { ...operator, body: { action: 'refund', all: true } });
      assert.equal(refunded.status, 200, refunded.text);
      await subject(mails, 'Cat Films: No order is held any more');
      await eventually(() => hook.alerts().length === 2);
      assert.deepEqual(hook.alerts().map((one) => one.type), ['alert.opened', 'alert.closed']);
      assert.equal((await logged('alert_closed')).why, 'No order is held any more.');
      // The buyer has a mail too, about the money.
      assert.equal(called(mails).length, 2);
      assert.deepEqual(await open(shop), []);
      await other.stop();
    });

  alertTest('of a generator that is away opens after its time, and ends when it is back', {},
    async (shop, mails) => {
      await shop.sandbox.faults({ match: submit, times: 0, action: { status: 402 } });
      const id = await shop.paidOrder();
      await subject(mails, 'Cat Films: The generator is away');
      assert.ok((await open(shop)).includes('generator_away'));
      await shop.sandbox.clearFaults();
      await shop.completed(id, 120000);
      await subject(mails,
        'Cat Films: The generator takes orders again, or none waits for it any more');
      assert.equal(called(mails).length, 2);
    });

  alertTest('of Redis is mailed by the process that cannot use it, past the outbox', {},
    async (shop, mails, hook) => {
      await shop.ownRedis.end();
      await subject(mails, 'Cat Films: Redis is away');
      await shop.ownRedis.begin();
      await subject(mails, 'Cat Films: This process can use Redis again');
      assert.deepEqual(mails.received.map(({ to }) => to), [owners, owners]);
      assert.deepEqual(hook.alerts(), []);
    });

  alertTest('of credits that run low opens at the threshold', {
    settings: { CLAIMCHECK_BALANCE_LOW: '200000' },
  }, async (shop, mails) => {
    await subject(mails, 'Cat Films: A generator\'s account runs low');
    assert.match(mails.received[0].parts[0].body, /little left: superduperai: 120000 left\./);
    await shop.server.stop();
    // The hour is over.
    await shop.redis('DEL', 'claimcheck:{alerts}:balance');
    await shop.start({ CLAIMCHECK_BALANCE_LOW: '1000' });
    await subject(mails, 'Cat Films: Every account at a generator has enough again');
  });

  for (const point of ['alert.after_record', 'alert.after_put']) {
    alertTest(`is told once all the same when its process dies at ${point}`, manual,
      async (shop, mails, hook) => {
        await shop.server.stop();
        await shop.start({ CLAIMCHECK_FAIL: `${point}:kill` });
        await heldOrder(shop);
        await shop.server.died();
        await shop.start();
        await subject(mails, 'Cat Films: 1 order is held');
        await eventually(() => hook.alerts().length === 1);
        const state = () => shop.redis('HGET', 'claimcheck:{alerts}:records', 'held.pending');
        await eventually(async () => await state() === 'none', patience);
        assert.equal(called(mails).length, 1);
        assert.equal(hook.alerts().length, 1);
      });
  }
});
