// Ten thousand open streams on one process: changes still reach their followers. Memory and
// latencies are printed, not judged: they depend on the machine.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const { describe, test } = require('node:test');
const { EventStream } = require('./support/events.js');
const { Crowd, openFilesMax } = require('./support/raw.js');
const { Shop } = require('./support/shop.js');

const wanted = 10000;
const changes = 100;
const keptBack = 300;  // of this machine's open files: what both programs need besides
const streams = Math.min(wanted, openFilesMax - keptBack);

function residentKb(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

// One write after the other, each waited for at every stream: p50 and p99 in ms.
async function changeOften(shop, id, ...streams) {
  const order = JSON.parse(await shop.redis('GET', `session:${id}`));
  const taken = [];
  for (let i = 0; i < changes; ++i) {
    const toolTitle = `Title ${streams[0].seen.length} ${i}`;
    const told = Promise.all(streams.map((stream) =>
      stream.next(({ data }) => data.toolTitle === toolTitle)));
    const started = performance.now();
    await shop.redis('SET', `session:${id}`, JSON.stringify({ ...order, toolTitle }));
    await told;
    taken.push(performance.now() - started);
  }
  taken.sort((a, b) => a - b);
  const at = (share) => taken[Math.ceil(share * changes) - 1].toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms from before the write to the reader`;
}

describe('followers at two processes', () => {
  test('each process tells each change', (t) =>
    Shop.with({ webhooks: false, ownRedis: true }, async (shop) => {
      const other = await shop.another();
      const id = await shop.order();
      const streams = await Promise.all([shop.server, other].map((one) =>
        EventStream.open(one.url, id)));
      for (const stream of streams) await stream.first();
      t.diagnostic(`at the later of both: ${await changeOften(shop, id, ...streams)}`);
      for (const stream of streams) await stream.close();
      await other.stop();
    }));
});

describe('a crowd of followers', () => {
  test(`${wanted} streams, and every change is told`, (t) =>
    Shop.with({ webhooks: false }, async (shop) => {
      const [watched, crowded] = [await shop.order(), await shop.order()];
      const stream = await EventStream.open(shop.server.url, watched);
      await stream.first();
      t.diagnostic(`alone: ${await changeOften(shop, watched, stream)}`);
      const alone = residentKb(shop.server.pid);
      const request = `GET /api/webhook-status/${crowded}/events HTTP/1.1\r\nHost: x\r\n\r\n`;
      const crowd = await Crowd.open(shop.server.url, request, { sockets: streams });
      try {
        assert.equal(crowd.opened, streams);
        t.diagnostic(`with ${streams} more: ${await changeOften(shop, watched, stream)}`);
        const each = (residentKb(shop.server.pid) - alone) / streams;
        t.diagnostic(`${each.toFixed(1)} KiB of memory for each of them`);
        assert.equal(await crowd.standing(), streams);

        const inCrowd = await EventStream.open(shop.server.url, crowded);
        await inCrowd.first();
        t.diagnostic(`of an order that all follow: ${await changeOften(shop, crowded, inCrowd)}`);
        assert.equal(await crowd.standing(), streams);
        await inCrowd.close();
        await stream.close();
      } finally {
        await crowd.close();
      }
      assert.equal((await shop.ask('GET', '/readyz')).status, 200);
    }));
});
