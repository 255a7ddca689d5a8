// The status of an order as a stream of events: what is sent, to whom, and when it ends.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { Crowd } = require('./support/raw.js');
const { EventStream } = require('./support/events.js');
const { eventually } = require('./support/sandbox.js');
const { Shop } = require('./support/shop.js');

const nobody = 'cs_test_nobodyKnowsMe';
const route = (id) => `/api/webhook-status/${id}/events`;
const over = (status) => status.status === 'completed' || status.status === 'error';

describe('the events of an order', () => {
  let shop;
  before(async () => { shop = await Shop.open(); });
  after(() => shop?.close());

  test('begin with the present status and go on to the end of the order', async () => {
    const id = await shop.order();
    const stream = await EventStream.open(shop.server.url, id);
    assert.equal(stream.headers.get('content-type'), 'text/event-stream');
    assert.equal(stream.headers.get('cache-control'), 'no-store');
    // A word for proxies; nginx takes it and does not pass it on.
    if (!process.env.TEST_BEHIND) assert.equal(stream.headers.get('x-accel-buffering'), 'no');
    assert.deepEqual((await stream.first()).data, await shop.status(id));
    await shop.sandbox.pay(id);
    const last = await stream.when(({ data }) => over(data));
    assert.deepEqual(last.data, await shop.status(id));
    assert.ok(stream.seen.some(({ data }) => data.status === 'processing'));
    assert.equal(new Set(stream.seen.map((event) => event.id)).size, stream.seen.length);
    assert.equal(stream.retry, 2000);
    await stream.close();
  });

  test('of one order go to all who follow it, and to nobody else', async () => {
    const [one, other] = [await shop.order(), await shop.order()];
    const followers = await Promise.all(
      [one, one, one].map((id) => EventStream.open(shop.server.url, id)));
    const stranger = await EventStream.open(shop.server.url, other);
    await shop.sandbox.pay(one);
    const ends = await Promise.all(followers.map((each) => each.when(({ data }) => over(data))));
    assert.equal(new Set(ends.map((event) => event.id)).size, 1);
    assert.deepEqual(stranger.seen.map(({ data }) => data.status), ['pending']);
    await Promise.all([...followers, stranger].map((each) => each.close()));
  });

  test('tell of what any program writes to the session', async () => {
    const id = await shop.order();
    const stream = await EventStream.open(shop.server.url, id);
    const text = await shop.redis('GET', `session:${id}`);
    await shop.redis('SET', `session:${id}`, JSON.stringify(
      { ...JSON.parse(text), toolTitle: 'By another program' }));
    await stream.when(({ data }) => data.toolTitle === 'By another program');
    await stream.close();
  });

  test('are not sent again to whom had the last one', async () => {
    const id = await shop.order();
    const before = await EventStream.open(shop.server.url, id);
    const { id: lastId } = await before.first();
    await before.close();
    const again = await EventStream.open(shop.server.url, id, { 'last-event-id': lastId });
    await shop.sandbox.pay(id);
    await again.when(({ data }) => over(data));
    assert.ok(again.seen.every((event) => event.id !== lastId));
    await again.close();
    const lost = await EventStream.open(shop.server.url, id, { 'last-event-id': lastId });
    assert.ok(over((await lost.first()).data));
    await lost.close();
  });

  test('unknown is a 404, malformed a 400, and HEAD has no body', async () => {
    assert.equal((await shop.ask('GET', route(nobody))).status, 404);
    assert.equal((await shop.ask('GET', route('x'))).status, 400);
    assert.equal((await shop.ask('POST', route(nobody))).status, 405);
    const head = await shop.ask('HEAD', route(await shop.order()));
    assert.deepEqual([head.status, head.text], [200, '']);
  });
});

describe('streams of events', () => {
  test('end with the server, at once', () => Shop.with({}, async (shop) => {
    const stream = await EventStream.open(shop.server.url, await shop.order());
    await stream.first();
    await shop.server.stop();
    await stream.ended;
    await shop.start();
  }));

  test('of two servers on one Redis tell the same', () =>
    Shop.with({ ownRedis: true }, async (shop) => {
      const other = await shop.another();
      try {
        const id = await shop.order();
        const streams = await Promise.all(
          [shop.server, other].map((server) => EventStream.open(server.url, id)));
        await shop.sandbox.pay(id);
        const ends = await Promise.all(streams.map((each) => each.when(({ data }) => over(data))));
        assert.deepEqual(ends[0], ends[1]);
        await Promise.all(streams.map((each) => each.close()));
      } finally {
        await other.stop();
      }
    }));

  test('miss nothing when Redis was away', () => Shop.with({ ownRedis: true }, async (shop) => {
    const id = await shop.order();
    const stream = await EventStream.open(shop.server.url, id);
    await stream.first();
    await shop.ownRedis.end();
    await shop.ownRedis.begin();
    await shop.ready();
    await shop.sandbox.pay(id);
    await stream.when(({ data }) => over(data));
    await stream.close();
  }));

  test('come without word from Redis, too, which is said once', () =>
    Shop.with({ ownRedis: true, sandbox: ['--generate-ms', '3000'] }, async (shop) => {
      await shop.server.stop();
      await shop.redis('ACL', 'SETUSER', 'claimcheck', '-client|tracking');
      await shop.start();
      const id = await shop.order();
      const stream = await EventStream.open(shop.server.url, id);
      await stream.first();
      await shop.sandbox.pay(id);
      await stream.when(({ data }) => over(data));
      // Heartbeats are rarer than a generation takes.
      assert.ok(stream.seen.some(({ data }) => data.status === 'processing'));
      await stream.close();
      const lost = shop.server.events('redis_lost').map((line) => line.reason);
      assert.deepEqual(lost, ['it refuses CLIENT TRACKING (NOPERM): each question about an order ' +
        'reads Redis, each order that somebody follows is read once a second, and an order that ' +
        'a full process woke waits for the next look at the work index']);
      const { code, stdout } = await run(['doctor'], shop.server.settings);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^doubt +live +it refuses CLIENT TRACKING \(NOPERM\)/m);
    }));

  test('give place when no other connection is left', () =>
    Shop.with({ openFiles: 400 }, async (shop) => {
      const id = await shop.order();
      const { ownUrl } = shop.server;
      const stream = await EventStream.open(ownUrl, id);
      await stream.first();
      const crowd = await Crowd.open(ownUrl, '', { sockets: 1000, processes: 1 });
      try {
        await eventually(async () => (await shop.ask('GET', '/healthz')).status === 200);
        await stream.ended;
      } finally {
        await crowd.close();
      }
    }));
});
