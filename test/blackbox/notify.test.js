// What the shop is told of its orders: each transition once and under one id, signed as Standard
// Webhooks has it, whatever the receiver does and whenever claimcheck dies. No order ever waits
// for a receiver.
'use strict';
const assert = require('node:assert/strict');
const net = require('node:net');
const { describe, test } = require('node:test');
const { privateWord, run, secrets } = require('./support/claimcheck.js');
const { Hook, keys } = require('./support/hook.js');
const { freePort } = require('./support/port.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel } = require('./support/shop.js');

const submit = 'POST /api/v1/file/generate-video';
const fails = { match: submit, times: 0, action: { task: 'error' } };
const failsOnce = { match: submit, action: { task: 'error' } };
const operator = { headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` } };
const outbox = 'claimcheck:{p00}:outbox:webhook';
const messageKey = (name) => `claimcheck:{p00}:message:${name}`;

// A shop that is told, by a receiver that answers so.
function toldTest(name, { answer, secret, ...options }, use) {
  test(name, async () => {
    const hook = await Hook.open(answer);
    try {
      const settings = { ...hook.settings(secret), ...options.settings };
      await Shop.with({ ...options, settings }, (shop) => use(shop, hook));
    } finally {
      await hook.stop();
    }
  });
}

// What waits for its next attempt is due now.
async function hurry(shop) {
  for (const id of (await shop.redis('ZRANGE', outbox, '0', '-1')).split('\n').filter(Boolean)) {
    await shop.redis('ZADD', outbox, 'XX', '1000000', id);
  }
}
// The order that a dead process had in hand is taken again at once.
function leaseRunsOut(shop, id) {
  return shop.redis('ZADD', 'claimcheck:{p00}:due', 'XX', '1000000', id);
}
async function waiting(shop) { return Number(await shop.redis('ZCARD', outbox)); }
async function listed(shop, state) {
  const { status, json } = await shop.ask('GET', `/api/ops/notifications?state=${state}`, operator);
  assert.equal(status, 200);
  return json.notifications;
}

describe('news of an order', parallel, () => {
  toldTest('delivered: signed for both secrets, complete, once, and without the prompt', {
    secret: keys.join(','),
  }, async (shop, hook) => {
    const id = await shop.paidOrder({ quantity: 2, customerEmail: `${privateWord}@example.com` });
    const [told, ...more] = await hook.types(id, ['order.delivered']);
    assert.deepEqual(more, []);
    assert.deepEqual(hook.told(keys[1]), hook.told(keys[0]));
    const seen = await shop.status(id);
    assert.deepEqual(Object.keys(told), ['id', 'type', 'timestamp', 'data']);
    assert.match(told.id, /^msg_[0-9a-f]{32}$/);
    assert.ok(Date.now() - Date.parse(told.timestamp) < 60000);
    assert.equal(told.data.status, 'completed');
    assert.deepEqual(told.data.files, seen.files.map(({ progress, ...file }) => file));
    assert.deepEqual([told.data.videoCount, told.data.deliveredCount], [2, 2]);
    assert.deepEqual([told.data.amount, told.data.currency], [200, 'usd']);
    assert.equal(told.data.customerEmail, `${privateWord}@example.com`);
    assert.ok(!hook.received[0].body.toString().includes(`A ${privateWord} at dawn`));
    await eventually(async () => await waiting(shop) === 0);
    assert.equal(await shop.redis('HGET', `claim:{session:${id}}`, 'told'), 'delivered.1');
  });

  toldTest('delivered and refunded when some could not be made', {}, async (shop, hook) => {
    await shop.sandbox.faults(failsOnce);
    const id = await shop.paidOrder({ quantity: 2 });
    const told = await hook.types(id, ['order.delivered', 'order.refunded']);
    const { data } = told.find((one) => one.type === 'order.refunded');
    assert.deepEqual(data.refund, { status: 'refunded', amount: 100, currency: 'usd' });
    assert.deepEqual([data.deliveredCount, data.refundedCount], [1, 1]);
  });

  toldTest('failed and refunded when nothing could be made', {}, async (shop, hook) => {
    await shop.sandbox.faults(fails);
    const id = await shop.paidOrder({ quantity: 2 });
    await hook.types(id, ['order.failed', 'order.refunded']);
  });

  toldTest('held, when a person must decide', {}, async (shop, hook) => {
    const id = await shop.order();
    await shop.sandbox.changeSession(id, { amount_subtotal: 1, amount_total: 1 });
    await shop.sandbox.pay(id);
    const [told] = await hook.types(id, ['order.held']);
    assert.equal(told.data.status, 'processing');
  });

  toldTest('nothing of what was never paid', {}, async (shop, hook) => {
    const open = await shop.order();
    const id = await shop.paidOrder();
    await hook.types(id, ['order.delivered']);
    assert.ok(hook.told().every((one) => one.data.sessionId !== open));
  });

  const answers = [
    ['500', () => 500], ['302', () => 302], ['a connection that breaks', (seen) => seen.hangUp()],
  ];
  for (const [what, answer] of answers) {
    toldTest(`a receiver that first answers with ${what} is told again under the same id`, {
      answer: (seen, count) => (count === 1 ? answer(seen) ?? 200 : 200),
    }, async (shop, hook) => {
      const id = await shop.paidOrder();
      await shop.completed(id);
      await eventually(() => hook.received.length === 1);
      await shop.server.event('message_refused');
      await hurry(shop);
      await eventually(() => hook.received.length === 2);
      await hook.types(id, ['order.delivered']);
      await eventually(async () => await waiting(shop) === 0);
    });
  }

  toldTest('a receiver that never answers slows no order', {
    answer: () => new Promise(() => {}),
  }, async (shop, hook) => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => shop.paidOrder()));
    await Promise.all(ids.map((id) => shop.completed(id)));
    await eventually(() => hook.received.length >= 1);
    const last = await shop.paidOrder();
    await shop.completed(last);
    await shop.settled(12000);  // while it is still waited for: that takes 15 s
    assert.equal(shop.server.events('message_sent').length, 0);
  });

  toldTest('two processes on one Redis tell each once', { ownRedis: true }, async (shop, hook) => {
    const other = await shop.another();
    const ids = await Promise.all(Array.from({ length: 10 }, () => shop.paidOrder()));
    for (const id of ids) await hook.types(id, ['order.delivered']);
    await eventually(async () => await waiting(shop) === 0);
    assert.equal(hook.received.length, ids.length);
    await other.stop();
  });
});

describe('news that were given up', parallel, () => {
  toldTest('410 is the end; the operator sees it and tries it again', {
    answer: (seen, count) => (count === 1 ? 410 : 200),
  }, async (shop, hook) => {
    const id = await shop.paidOrder();
    await shop.server.event('message_given_up');
    const [dead, ...more] = await listed(shop, 'dead');
    assert.deepEqual(more, []);
    assert.equal(dead.sessionId, id);
    assert.deepEqual([dead.type, dead.way, dead.state, dead.attempts, dead.lastStatus],
      ['order.delivered', 'webhook', 'dead', 1, 410]);
    assert.equal(dead.lastWhy, 'the receiver wants no more');
    assert.ok(Date.parse(dead.lastAttemptAt) >= Date.parse(dead.createdAt));
    const retry = `/api/ops/notifications/${dead.id}/retry`;
    assert.equal((await shop.ask('POST', retry)).status, 401);
    assert.equal((await shop.ask('POST', retry, operator)).status, 200);
    assert.equal((await shop.ask('POST', retry, operator)).status, 404);
    await eventually(() => shop.server.events('operator_action')
      .some((one) => one.action === 'retry_notification' && one.id === dead.id));
    await eventually(() => hook.received.length === 2);
    assert.equal((await hook.types(id, ['order.delivered'])).length, 2);
    await eventually(async () => (await listed(shop, 'waiting')).length === 0);
    assert.deepEqual(await listed(shop, 'dead'), []);
  });

  toldTest('after the last attempt of the schedule', { answer: () => 500 }, async (shop) => {
    await shop.paidOrder();
    await shop.server.event('message_refused');
    const [one] = await listed(shop, 'waiting');
    assert.deepEqual([one.attempts, one.lastStatus], [1, 500]);
    await shop.redis('HSET', messageKey(`webhook:${one.id}`), 'attempts', '9');
    await hurry(shop);
    await shop.server.event('message_given_up');
    assert.deepEqual((await listed(shop, 'dead')).map((dead) => dead.attempts), [10]);
  });

  toldTest('all are tried again by one request, each once', {
    answer: (seen, count) => (count <= 3 ? 410 : 200),
  }, async (shop, hook) => {
    for (let i = 0; i < 3; ++i) await shop.paidOrder();
    await eventually(async () => (await listed(shop, 'dead')).length === 3);
    const retry = () => shop.ask('POST', '/api/ops/notifications/retry', operator);
    const { status, json } = await retry();
    assert.deepEqual([status, json], [200, { retried: 3, more: false }]);
    assert.deepEqual((await retry()).json, { retried: 0, more: false });
    await eventually(() => hook.received.length === 6);
    assert.equal(new Set(hook.told().map((one) => one.id)).size, 3);
  });

  toldTest('no more than 500 at once', {}, async (shop) => {
    await shop.redis('EVAL', `local now = redis.call('TIME')[1] * 1000000
    for i = 1, 501 do
      redis.call('HSET', '${messageKey('webhook:')}msg_' .. i, 'session', 'cs_test_gone',
        'news', 'delivered', 'state', 'dead')
      redis.call('ZADD', 'claimcheck:{p00}:dead', now + i, 'webhook:msg_' .. i)
    end`, '0');
    assert.equal((await listed(shop, 'dead')).length, 200);
    const { json } = await shop.ask('POST', '/api/ops/notifications/retry', operator);
    assert.deepEqual(json, { retried: 500, more: true });
  });

  test('without a receiver nothing is told, and the operator sees that', () => Shop.with({},
    async (shop) => {
      const { json } = await shop.ask('GET', '/api/ops/notifications', operator);
      assert.deepEqual(json, { ways: [], notifications: [] });
    }));

  toldTest('are for the operator only', {}, async (shop) => {
    assert.equal((await shop.ask('GET', '/api/ops/notifications')).status, 401);
    assert.equal((await shop.ask('POST', '/api/ops/notifications/retry')).status, 401);
    assert.deepEqual((await shop.ask('GET', '/api/ops/notifications', operator)).json.ways,
      ['webhook']);
    const { status, json } = await shop.ask('GET', '/api/ops/notifications?state=done', operator);
    assert.deepEqual([status, json.param], [400, 'state']);
  });
});

describe('doctor', parallel, () => {
  toldTest('looks whether the receiver and the mail server are there, and tells them nothing', {},
    async (shop, hook) => {
      const smtp = net.createServer((socket) => {
        socket.on('error', () => {});
        socket.write('220 here\r\n');
        socket.on('data', (said) => {
          const taken = /^(EHLO|NOOP|QUIT)/.test(String(said));
          socket.write(taken ? '250 well\r\n' : '502 not that\r\n');
        });
      });
      await new Promise((resolve) => smtp.listen(0, '127.0.0.1', resolve));
      const mails = (port) => ({ CLAIMCHECK_SMTP_URL: `smtp://127.0.0.1:${port}`,
        CLAIMCHECK_MAIL_FROM: 'a@shop.example', CLAIMCHECK_PUBLIC_URL: 'https://shop.example' });
      const doctor = (more) => run(['doctor'], { ...shop.server.settings, ...more });
      try {
        const good = await doctor(mails(smtp.address().port));
        assert.match(good.stdout, /^ok +notify +the shop's receiver/m);
        assert.match(good.stdout, /^ok +mail +the mail server/m);
        assert.deepEqual(hook.received.map((one) => one.body.length), [0]);
        const away = await doctor({ ...mails(await freePort()),
          CLAIMCHECK_NOTIFY_URL: `http://127.0.0.1:${await freePort()}/` });
        assert.match(away.stdout, /^doubt +notify .*: check CLAIMCHECK_NOTIFY_URL/m);
        assert.match(away.stdout, /^doubt +mail .*: check CLAIMCHECK_SMTP_URL/m);
        assert.equal(away.code, 0);  // orders are served all the same
      } finally {
        await new Promise((resolve) => smtp.close(resolve));
      }
    });
});

describe('news and kill -9', parallel, () => {
  for (const point of ['view.after_commit', 'news.before_put', 'news.after_put', 'settle.before',
    'message.before_send', 'message.after_send']) {
    toldTest(`at ${point}: told under one id all the same`, {}, async (shop, hook) => {
      await shop.server.stop();
      await shop.start({ CLAIMCHECK_FAIL: `${point}:kill` });
      const id = await shop.paidOrder();
      await shop.server.died();
      await shop.start();
      await leaseRunsOut(shop, id);
      await shop.completed(id, 120000);
      await eventually(async () => {
        await hurry(shop);
        return hook.received.length > 0 && await waiting(shop) === 0;
      }, { withinMs: 120000 });
      const told = await hook.types(id, ['order.delivered']);
      assert.equal(told.length, point === 'message.after_send' ? 2 : 1);
    });
  }
});
