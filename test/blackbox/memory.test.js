// Memory does not grow with what Stripe has to tell: its lists are read page by page. The bound has
// room for a slow machine's heap; held all at once, the events of this test take 27 MB.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { memoryKb } = require('./support/memory.js');
const { eventually } = require('./support/sandbox.js');
const { Shop } = require('./support/shop.js');

const events = 3000;
const pageEvents = 100;
const grownMaxKb = 10 * 1024;
const sanitizedKb = 2 ** 30;  // address space that only a sanitizer asks for

// Of a process that has just started and read so many pages of events: the most it ever took.
async function peakKb(shop, pages) {
  const before = (await shop.requests('GET', '/v1/events')).length;
  await shop.start();
  await eventually(async () =>
    (await shop.requests('GET', '/v1/events')).length >= before + pages, { what: 'every page' });
  return memoryKb(shop.server.pid, 'VmHWM');
}

test(`${events} events of Stripe are read in the memory of a page`, (t) =>
  Shop.with({ webhooks: false }, async (shop) => {
    if (memoryKb(shop.server.pid, 'VmSize') > sanitizedKb) return t.skip('sanitizers keep memory');
    await shop.server.stop();
    const small = await peakKb(shop, 1);
    await shop.server.stop();
    for (let left = events; left > 0; left -= pageEvents) {
      await Promise.all(Array.from({ length: pageEvents }, () =>
        shop.sandbox.emit('checkout.session.completed')));
    }
    // Stripe is asked for whole seconds that are over.
    const last = Math.floor(Date.now() / 1000);
    await eventually(() => Math.floor(Date.now() / 1000) > last, { what: 'the next second' });
    const large = await peakKb(shop, events / pageEvents);
    t.diagnostic(`${small} kB after a start, ${large} kB after ${events} events`);
    assert.ok(large - small < grownMaxKb, `${large - small} kB more`);
  }));
