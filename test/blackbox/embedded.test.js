// The embedded Redis: no orphan after kill -9, no lost order, one user per directory, a clean end
// on SIGTERM, and a password that nobody sees.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

async function redisPid(shop) {
  const told = await shop.redis('INFO', 'server');
  return Number(/process_id:(\d+)/.exec(told)[1]);
}

// Gone, or dead and only waiting to be counted by its parent.
function gone(pid) {
  try {
    return / Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

const embedded = { ownRedis: false };

describe('the embedded Redis', parallel, () => {
  shopTest('kill -9 leaves no orphan, the next start has every order', embedded, async (shop) => {
    const waiting = await shop.order();
    const paid = await shop.order({ quantity: 2 });
    const pid = await redisPid(shop);
    assert.ok(!gone(pid));
    await shop.sandbox.pay(paid);
    await shop.server.kill();
    await eventually(() => gone(pid), { what: 'the end of redis-server' });
    await shop.start();
    assert.equal((await shop.status(waiting)).status, 'pending');
    await shop.completed(paid, 90000);
    assert.equal((await shop.generations()).length, 2);
    assert.notEqual(await redisPid(shop), pid);
  });

  shopTest('a directory in use is refused in one line', embedded, async (shop) => {
    const { code, stdout, stderr } = await run(['serve'], shop.server.settings);
    assert.equal(code, 4);
    assert.equal(stdout, '');
    const lines = stderr.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines.map((line) => line.event), ['start_failed']);
    assert.match(lines[0].why, /in use/);
    assert.ok(lines[0].why.includes(shop.server.settings.CLAIMCHECK_DATA_DIR));
    assert.equal((await shop.ask('GET', '/readyz')).status, 200);
  });

  shopTest('A13 SIGTERM finishes what is under way and ends Redis too', embedded, async (shop) => {
    const pid = await redisPid(shop);
    await shop.sandbox.faults({ match: 'POST /v1/checkout/sessions', action: { delay_ms: 1500 } });
    const slow = shop.checkout();
    await eventually(async () => (await shop.sandbox.call('GET', '/sandbox/faults'))[0].struck);
    await shop.server.stop();
    assert.equal((await slow).status, 200);
    assert.ok(gone(pid));
    assert.equal(shop.server.events('stopping').length, 1);
    assert.equal(shop.server.log.at(-1).event, 'stopped');
    assert.ok(!fs.existsSync(path.join(shop.folder, 'data', 'redis.url')));
    await shop.start();
    assert.equal((await shop.status((await slow).json.sessionId)).status, 'pending');
  });

  shopTest('B11 a full disk ends it and the server; the next start has every order', embedded,
    async (shop) => {
      const waiting = await shop.order();
      const paid = await shop.order();
      await shop.sandbox.pay(paid);
      await shop.completed(paid);
      const pid = await redisPid(shop);
      // From now on no file of it may grow.
      execFileSync('prlimit', ['--pid', String(pid), '--fsize=1']);
      assert.equal((await shop.checkout()).status, 503);
      assert.deepEqual(await shop.server.child.ended, { code: 4, signal: null });
      assert.ok(gone(pid));
      const [told] = shop.server.events('embedded_redis_ended');
      assert.equal(told.see, path.join(shop.folder, 'data', 'redis.log'));
      shop.server.assertClean();
      await shop.start();
      assert.equal((await shop.status(waiting)).status, 'pending');
      assert.equal((await shop.status(paid)).status, 'completed');
      assert.equal((await shop.checkout()).status, 200);
    });

  test('the unit of systemd starts it again whatever ended it, but wrong settings', () => {
    const unit = fs.readFileSync(
      path.join(__dirname, '..', '..', 'examples', 'systemd', 'claimcheck.service'), 'utf8');
    const lines = unit.split('\n');
    for (const line of ['Restart=always', 'StartLimitIntervalSec=0', 'RestartPreventExitStatus=2',
      'KillMode=mixed', 'StateDirectoryMode=0700']) {
      assert.ok(lines.includes(line), line);
    }
  });

  shopTest('nobody sees its password', embedded, async (shop) => {
    const file = path.join(shop.folder, 'data', 'redis.url');
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    assert.equal(fs.statSync(path.dirname(file)).mode & 0o077, 0);
    const { password } = new URL(fs.readFileSync(file, 'utf8'));
    assert.ok(password.length >= 32);
    for (const pid of [shop.server.pid, await redisPid(shop)]) {
      const shown = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') +
        fs.readFileSync(`/proc/${pid}/environ`, 'utf8');
      assert.ok(!shown.includes(password));
    }
  });

  shopTest('every change is on disk before it is answered', embedded, async (shop) => {
    const told = await shop.redis('CONFIG', 'GET', '*');
    const lines = told.split('\n');
    const setting = (name) => lines[lines.indexOf(name) + 1];
    assert.deepEqual([setting('appendonly'), setting('appendfsync'), setting('maxmemory-policy')],
      ['yes', 'always', 'noeviction']);
    assert.deepEqual(shop.server.events('durability_memory'), []);
  });
});
