// E1: the reader of the log ends, or reads nothing for a while. Orders go on, every door answers,
// and who reads again is told how many lines are missing.
'use strict';
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const { describe } = require('node:test');
const { binary, secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const operator = { headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` } };
const crowd = 50;
const crowdsMax = 200;

async function dropped(shop) {
  const { text } = await shop.ask('GET', '/metrics', operator);
  return Number(/^claimcheck_log_lines_dropped_total (\d+)$/m.exec(text)[1]);
}

// Lines of a kilobyte each, caused by as many clients.
async function fillLog(shop, until) {
  const error = { type: 'invalid_request_error', code: 'x'.repeat(1000) };
  await shop.sandbox.faults({ match: 'POST /v1/checkout/sessions', times: 0,
    action: { status: 400, body: { error } } });
  let client = 0;
  for (let i = 0; i < crowdsMax && !await until(); ++i) {
    const asked = Array.from({ length: crowd }, () => shop.checkout({}, {
      'x-forwarded-for': `10.${++client >> 8}.${client & 255}.1` }));
    for (const { status } of await Promise.all(asked)) assert.equal(status, 502);
  }
  await shop.sandbox.clearFaults();
}

describe('the reader of the log', parallel, () => {
  shopTest('E1 is gone: nothing else ends, and the lines are counted', {}, async (shop) => {
    await shop.server.event('listening');
    shop.server.child.stderr.destroy();
    const id = await shop.paidOrder();
    await shop.completed(id);
    await eventually(async () => await dropped(shop) > 3, { what: 'lines to be counted' });
    assert.equal((await shop.ask('GET', '/healthz')).status, 200);
  });

  shopTest('E1 was never there: no socket and no file of ours takes the place of the log', {},
    async (shop) => {
      await shop.server.stop();
      const port = new URL(shop.server.url).port;
      const child = spawn('sh', ['-c', 'exec "$0" serve 0<&- 1>&- 2>&-', binary], {
        env: { PATH: process.env.PATH, ...shop.server.settings,
          CLAIMCHECK_LISTEN: `127.0.0.1:${port}` }, stdio: 'ignore' });
      const ended = once(child, 'exit');
      try {
        const ready = () =>
          shop.ask('GET', '/readyz').then(({ status }) => status === 200, () => false);
        await eventually(ready, { what: 'its start' });
        for (const number of [0, 1, 2]) {
          assert.equal(fs.readlinkSync(`/proc/${child.pid}/fd/${number}`), '/dev/null');
        }
      } finally {
        child.kill('SIGTERM');
      }
      assert.deepEqual(await ended, [0, null]);
      await shop.start();
    });

  shopTest('E1 rests: nobody waits for it, and then it is told how many lines are missing',
    { settings: { CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1' } }, async (shop) => {
      shop.server.child.stderr.pause();
      await fillLog(shop, async () => await dropped(shop) > 0);
      const missing = await dropped(shop);
      assert.ok(missing > 0);
      for (const route of ['/healthz', '/readyz']) {
        assert.equal((await shop.ask('GET', route)).status, 200);
      }
      const id = await shop.paidOrder();
      await shop.completed(id);
      shop.server.child.stderr.resume();
      await shop.server.event('log_lines_dropped');
      const told = () => shop.server.events('log_lines_dropped')
        .reduce((sum, line) => sum + line.lines, 0);
      await eventually(async () => told() === await dropped(shop), { what: 'all to be told of' });
      assert.ok(told() >= missing);
    });
});
