// The user of least rights of docs/redis-user.md. All tests with a Redis of their own use it, so
// here is only what it cannot do, and what is said when it lacks something.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { redis } = require('./support/redis.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const own = { ownRedis: true };
const root = path.join(__dirname, '../..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const doctor = (shop) => run(['doctor'], shop.server.settings);

// The words of a text that match, each once and in order.
function found(text, pattern) {
  return [...new Set([...text.matchAll(pattern)].map(([, word]) => word.toLowerCase()))].sort();
}

describe('a Redis user', parallel, () => {
  shopTest('of the documented rights reaches nothing but our keys', own, async (shop) => {
    await shop.completed(await shop.paidOrder());
    const asUser = (...words) => redis(shop.ownRedis.url, ...words);
    for (const words of [['SET', 'other', '1'], ['GET', 'claim:other'], ['KEYS', '*'],
      ['FLUSHALL'], ['CONFIG', 'SET', 'maxmemory', '1'], ['ACL', 'LIST'], ['SHUTDOWN'],
      ['EVAL', "return redis.call('SET', 'other', '1')", '0']]) {
      assert.match(await asUser(...words), /NOPERM|ACL failure|can't access/, words.join(' '));
    }
    assert.match((await doctor(shop)).stdout, /^ok +user +it has all/m);
  });

  shopTest('that lacks rights: doctor names them, and nothing new is taken', own, async (shop) => {
    const order = await shop.order();
    await shop.redis('ACL', 'SETUSER', 'claimcheck', '-zadd', '-hsetnx');
    await eventually(async () => (await shop.ask('GET', '/readyz')).status === 503);
    assert.equal((await shop.checkout()).json.code, 'store_unsafe');
    const { code, stdout } = await doctor(shop);
    assert.equal(code, 1);
    assert.match(stdout, /^REFUSED +user +this Redis user lacks \+hsetnx \+zadd: grant/m);
    const { code: ended, stderr } = await run(['serve'], shop.server.settings);
    assert.equal(ended, 4);
    assert.match(stderr, /lacks/);
    await shop.redis('ACL', 'SETUSER', 'claimcheck', '+zadd', '+hsetnx');
    await shop.ready();
    await shop.sandbox.pay(order);
    await shop.completed(order);
  });

  shopTest('without a pattern, or for reading only', own, async (shop) => {
    await shop.redis('ACL', 'SETUSER', 'claimcheck', 'resetkeys', '~session:*', '%R~claim:*',
      '~history:*', '~claimcheck:*');
    const { code, stdout } = await doctor(shop);
    assert.equal(code, 1);
    assert.match(stdout, /lacks ~claim:\{session:\*\} ~opened:\{session:\*\}: grant/);
  });

  shopTest('that may run no scripts, or is told nothing', own, async (shop) => {
    await shop.redis('ACL', 'SETUSER', 'claimcheck', '-eval', '-evalsha');
    assert.match((await doctor(shop)).stdout, /^REFUSED +user +.* lacks \+eval/m);
    await shop.redis('ACL', 'SETUSER', 'claimcheck', '+eval', '+evalsha', '-info');
    await eventually(() => shop.server.log.some((line) =>
      line.event === 'redis_unusable' && /INFO: allow it/.test(line.why)));
    assert.equal((await shop.checkout()).json.code, 'store_unsafe');
  });

  shopTest('that lacks a right at the first start', own, async (shop) => {
    await shop.server.stop();
    await shop.redis('ACL', 'SETUSER', 'claimcheck', '-hsetnx');
    await shop.redis('FLUSHALL');
    const { code, stderr } = await run(['serve'], shop.server.settings);
    assert.equal(code, 4);
    assert.match(stderr, /this Redis user lacks a right: claimcheck doctor names it/);
    await shop.redis('ACL', 'SETUSER', 'claimcheck', '+hsetnx');
    await shop.start();
  });

  shopTest('uses another database', own, async (shop) => {
    await shop.server.stop();
    await shop.start({ REDIS_URL: `${shop.ownRedis.url}/1` });
    await shop.completed(await shop.paidOrder());
    assert.match(await shop.redis('INFO', 'keyspace'), /db1:keys=/);
  });

  test('has the rights that the scripts and the program need, and no others', () => {
    const granted = found(read('docs/redis-user.md').split('```')[1], /\+([a-z|]+)/g);
    const folder = 'src/store/redis/lua';
    const scripts = fs.readdirSync(path.join(root, folder))
      .map((name) => read(path.join(folder, name)).replace(/^--.*$/gm, '')).join('\n');
    const inScripts = found(scripts, /redis\.call\('([A-Z]+)'/g);
    assert.deepEqual(inScripts.filter((name) => !granted.includes(name)), []);
    // What the doctor asks for is what is documented, but for what may be missing.
    const asked = found(read(`${folder}/rights.lua`), /'([a-z]{3,})'/g);
    assert.deepEqual(asked.filter((name) => !granted.includes(name)), []);
    const optional = ['client|tracking', 'command|info', 'config|get', 'eval', 'info', 'select'];
    assert.deepEqual(granted.filter((name) => !asked.includes(name)), optional);
    const sources = fs.readdirSync(path.join(root, 'src'), { recursive: true })
      .filter((name) => name.endsWith('.cpp')).map((name) => read(path.join('src', name)));
    const inProgram = found(sources.join('\n'), /"([A-Z]{3,})"/g);
    // The first words of commands; those that need no right, or have it by a subcommand, aside.
    const commands = found(sources.join('\n'), /RedisCommand(?: \w+ =)? ?\{\s*"([A-Z]+)"/g);
    // `SENTINEL` goes to Sentinels.
    const free = ['hello', 'client', 'config', 'command', 'sentinel'];
    assert.ok(commands.length > 10);
    assert.deepEqual(commands.filter((name) => ![...granted, ...free].includes(name)), []);
    const unused = granted.filter((name) => ![...inScripts, ...inProgram]
      .includes(name.split('|')[0]));
    assert.deepEqual(unused, []);
  });
});
