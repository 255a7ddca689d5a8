// The library as others use it: installed, found by CMake, linked by the example.
'use strict';
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { promisify } = require('node:util');
const { OwnRedis } = require('../blackbox/support/redis.js');

const execute = promisify(execFile);
const root = path.resolve(__dirname, '../..');
const build = path.dirname(process.env.CLAIMCHECK_BIN ?? path.join(root, 'build/dev/claimcheck'));

test('the example builds against the installed library and stores a session', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-library-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const prefix = path.join(folder, 'prefix');
  const own = path.join(folder, 'example');
  await execute('cmake', ['--install', build, '--prefix', prefix]);
  const boost = path.join(root, '.deps/boost/usr/include');
  await execute('cmake', [
    '-S', path.join(root, 'examples/session_storage'), '-B', own, '-G', 'Ninja',
    '-DCMAKE_CXX_COMPILER=clang++-19', `-DCMAKE_PREFIX_PATH=${prefix}`,
    ...(fs.existsSync(boost) ? [`-DBOOST_INCLUDE=${boost}`] : []),
  ]);
  await execute('cmake', ['--build', own]);

  const redis = await OwnRedis.start(path.join(folder, 'redis'));
  t.after(() => redis.end());
  const program = path.join(own, 'session_storage');
  const { stdout } = await execute(program, [redis.url, 'cs_test_example']);
  const stored = JSON.parse(stdout);
  assert.equal(stored.prompt, 'A cat \u{1F408}');
  assert.equal(stored.style, 'noir');
  assert.equal(await redis.ask('GET', 'session:cs_test_example'), stdout.trim());
});
