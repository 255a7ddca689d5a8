// The page keeps up with its order whatever happens between the two: a stream or none, a server
// that goes away, a network that does, answers that say no. What is known already stays on screen.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { freePort } = require('../blackbox/support/port.js');
const { eventually } = require('../blackbox/support/sandbox.js');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, assertClean, sees } = require('./support/browser.js');
const { never, visit: open } = require('./support/buyer.js');

const stepMs = 500;
const longestMs = 5 * 60 * 1000;  // far more than any pause between two questions
const offline = 'claimcheck-status .trouble :text("No connection. We keep trying…")';

let shop;
let browser;
before(async () => {
  const port = await freePort();
  shop = await Shop.open({ settings: { CLAIMCHECK_LISTEN: `127.0.0.1:${port}` } });
  browser = await Browser.open();
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

const visit = (page, id) => open(page, shop, id);
const statusRoute = (id) => `**/api/webhook-status/${id}`;
const eventsRoute = (id) => `**/api/webhook-status/${id}/events`;
const message = (order) => `id: 1\ndata: ${JSON.stringify(order)}\n\n`;
const stream = { status: 200, contentType: 'text/event-stream' };

// A paid order whose one video ends when `finish` is called.
async function running() {
  await shop.sandbox.faults(never);
  const id = await shop.paidOrder();
  const { fileId } = await shop.statusWhen(id, (seen) => seen.fileId);
  await shop.sandbox.clearFaults();
  return { id, finish: () => shop.sandbox.finishGeneration(fileId, 'completed') };
}

// The page's time stands still but for what a test lets pass.
async function standStill(page) {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1000);
}

// Lets time pass until the page has asked once more; how much that was.
async function untilAsked(page, asked) {
  const before = asked();
  let passed = 0;
  for (; asked() === before; passed += stepMs) {
    assert.ok(passed < longestMs, 'the page has given up asking');
    await page.clock.runFor(stepMs);
  }
  return passed;
}

describe('polling', () => {
  test('carries everything when there is no stream', () => browser.with({}, async (page) => {
    const { id, finish } = await running();
    await page.route(eventsRoute(id), (route) => route.fulfill({ status: 404 }));
    await visit(page, id);
    await sees(page, 'Your video is being made');
    await finish();
    await sees(page, 'Your video is ready');
    await assertClean(page, /\/events$/);
  }));

  test('waits as long as it is told to, and calls that no lost connection', () =>
    browser.with({}, async (page) => {
      const { id, finish } = await running();
      let asked = 0;
      await standStill(page);
      await page.route(eventsRoute(id), (route) => route.fulfill({ status: 429 }));
      await page.route(statusRoute(id), (route) => (++asked === 1
        ? route.fulfill({ status: 429, headers: { 'retry-after': '60' } }) : route.continue()));
      await visit(page, id);
      await eventually(() => asked === 1);
      assert.ok(await untilAsked(page, () => asked) >= 60000);
      await sees(page, 'Your video is being made');
      assert.equal(await page.locator(offline).count(), 0);
      await page.clock.resume();
      await finish();
      await sees(page, 'Your video is ready');
    }));

  test('an error takes nothing away, and is asked less and less often', () =>
    browser.with({}, async (page) => {
      const { id, finish } = await running();
      let failing = false;
      let asked = 0;
      await standStill(page);
      await page.route(eventsRoute(id), (route) => route.fulfill({ status: 404 }));
      await page.route(statusRoute(id), (route) => {
        ++asked;
        if (!failing) return route.continue();
        const status = asked % 2 ? 503 : 404;  // also one that no longer knows the order
        return route.fulfill({ status, body: '<h1>gone</h1>' });
      });
      await visit(page, id);
      await sees(page, 'Your video is being made');
      failing = true;
      const waits = [];
      for (let i = 0; i < 7; ++i) waits.push(await untilAsked(page, () => asked));
      await page.waitForSelector(offline);
      assert.equal(await page.title(), 'Your video is being made');
      assert.ok(waits[3] > waits[1] && waits[5] > 2 * waits[2], String(waits));
      assert.ok(Math.max(...waits) < 60000, String(waits));
      failing = false;
      await finish();
      await shop.completed(id);
      await untilAsked(page, () => asked);
      await sees(page, 'Your video is ready');
      assert.equal(await page.locator(offline).count(), 0);
    }));

  test('stops when there is nothing more to come', () => browser.with({}, async (page) => {
    const id = await shop.paidOrder();
    await shop.completed(id);
    let asked = 0;
    await page.clock.install();
    await page.route(statusRoute(id), (route) => { ++asked; return route.continue(); });
    await visit(page, id);
    await sees(page, 'Your video is ready');
    await page.clock.runFor('05:00');
    assert.equal(asked, 1);
  }));
});

describe('an order that stands still', () => {
  test('is said to take longer than usual', () => browser.with({}, async (page) => {
    const { id, finish } = await running();
    await page.clock.install();
    await visit(page, id);
    await sees(page, 'Your video is being made');
    await page.clock.fastForward('15:00');
    await page.waitForSelector('claimcheck-status .detail >> text=longer than usual');
    await finish();
    await sees(page, 'Your video is ready');
  }));
});

describe('the stream', () => {
  test('shows what it pushes at once', () => browser.with({}, async (page) => {
    const { id, finish } = await running();
    const before = await shop.status(id);
    await finish();
    const done = await shop.completed(id);
    // Asking finds nothing new, so it can only be the stream that tells.
    await page.route(statusRoute(id), (route) => route.fulfill({ json: before }));
    await page.route(eventsRoute(id), (route) => route.fulfill(
      { ...stream, body: `retry: 2000\n: heartbeat\n${message(before)}${message(done)}` }));
    await visit(page, id);
    await sees(page, 'Your video is ready');
    await assertClean(page);
  }));

  test('that ends is asked for again, and asking fills the time', () =>
    browser.with({}, async (page) => {
      const { id, finish } = await running();
      let opened = 0;
      await page.clock.install();
      await page.route(eventsRoute(id), async (route) => {
        ++opened;
        await route.fulfill({ ...stream, body: message(await shop.status(id)) });
      });
      await visit(page, id);
      await sees(page, 'Your video is being made');
      await untilAsked(page, () => opened);
      await finish();
      await shop.completed(id);
      await page.clock.runFor('00:20');
      await sees(page, 'Your video is ready');
    }));

  test('of the server itself', () => browser.with({}, async (page) => {
    const { id, finish } = await running();
    let asked = 0;
    await page.route(statusRoute(id), (route) => (++asked > 2 ? null : route.continue()));
    await visit(page, id);
    await sees(page, 'Your video is being made');
    await eventually(() => asked === 2);  // from now on only the stream can tell
    await finish();
    await sees(page, 'Your video is ready');
    await assertClean(page);
  }));
});

describe('outages', () => {
  test('the network goes and comes back', () => browser.with({}, async (page, context) => {
    const { id, finish } = await running();
    await visit(page, id);
    await sees(page, 'Your video is being made');
    await context.setOffline(true);
    await page.waitForSelector(offline);
    assert.equal(await page.title(), 'Your video is being made');
    await finish();
    await shop.completed(id);
    await context.setOffline(false);
    await sees(page, 'Your video is ready');
    assert.equal(await page.locator(offline).count(), 0);
  }));

  test('the server dies and comes back while the page is open, then a reload', () =>
    browser.with({}, async (page) => {
      const { id, finish } = await running();
      await visit(page, id);
      await sees(page, 'Your video is being made');
      await shop.server.kill();
      await page.waitForSelector(offline);
      assert.equal(await page.title(), 'Your video is being made');
      await shop.start();
      await finish();
      await shop.completed(id, 60000);  // whoever died in the middle of a pass has its lease
      await sees(page, 'Your video is ready');
      await page.reload();
      await sees(page, 'Your video is ready');
    }));

  test('a page that slept asks at once when it is looked at again', () =>
    browser.with({}, async (page) => {
      const { id, finish } = await running();
      await standStill(page);  // no timer of its own can be what wakes it
      await page.route(eventsRoute(id), (route) => route.fulfill({ status: 404 }));
      await visit(page, id);
      await sees(page, 'Your video is being made');
      await finish();
      await shop.completed(id);
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await sees(page, 'Your video is ready');
    }));
});
