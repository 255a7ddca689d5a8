// The command line: `session show` and `session list`, what each exit code means, and one clear
// line for each thing that can be wrong with the configuration. Secrets are never printed.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { defaults, privateWord, run, secrets } = require('./support/claimcheck.js');
const { Shop, parallel } = require('./support/shop.js');

const [found, failed, usage, missing, away] = [0, 1, 2, 3, 4];
const nobody = 'cs_test_nobodyKnowsMe';

function assertSecret(...texts) {
  for (const secret of Object.values(secrets)) {
    assert.ok(!texts.join('\n').includes(secret), 'a secret was printed');
  }
}

describe('claimcheck session', () => {
  let shop;
  let done;
  let open;
  before(async () => {
    shop = await Shop.open({ ownRedis: false });  // it reads the orders of an ended server
    done = await shop.paidOrder({ quantity: 2 });
    await shop.completed(done);
    open = await shop.order();
  });
  after(() => shop?.close());
  const session = (...args) => run(['session', ...args], shop.server.settings);

  test('show: an order for people, without its prompt', async () => {
    const { code, stdout, stderr } = await session('show', done);
    assert.deepEqual([code, stderr], [found, '']);
    for (const line of [/^cs_test_/, /^session +completed, 2 videos/m, /^prompt +20 bytes$/m,
      /^order +done/m, /^bought +2 x price_single = 2 videos/m,
      /^bought .*, \$2\.00$/m, /^ {2}video 1 +delivered/m, /^ {2}video 2 +delivered/m,
      /open -> paid: Stripe says paid/, /the video is there/]) {
      assert.match(stdout, line);
    }
    assert.ok(!stdout.includes(privateWord));
    assertSecret(stdout);
  });

  test('show --json: the stored records', async () => {
    const { code, stdout } = await session('show', '--json', done);
    assert.equal(code, found);
    const { id, session: value, claim, history } = JSON.parse(stdout);
    assert.equal(id, done);
    assert.equal(value.prompt, `A ${privateWord} at dawn`);
    assert.equal(claim.state, 'done');
    assert.ok(history.length > 5);
    assert.deepEqual(Object.keys(history[0]), ['when', 'from', 'to', 'why']);
  });

  test('show: a value that cannot be read, with its bytes, none of which a terminal obeys',
    async () => {
      const id = 'cs_test_ofAnotherLayout';
      const value = '{"fileId":"f\\u001b","timestamp":"é\\n"} \t';
      await shop.redis('SET', `session:${id}`, value);
      const { code, stdout } = await session('show', id);
      assert.equal(code, found);
      assert.match(stdout, /^session +unreadable: .*old layout/m);
      const bytes = String.raw`{"fileId":"f\u001b","timestamp":"\xc3\xa9\n"} \x09`;
      assert.ok(stdout.includes(`${Buffer.byteLength(value)} bytes: ${bytes}\n`), stdout);
      const { session: told } = JSON.parse((await session('show', '--json', id)).stdout);
      assert.equal(told, value);
      await shop.redis('EVAL', 'redis.call("SET", KEYS[1], "\\255\\0{")', '1', `session:${id}`);
      assert.match((await session('show', id)).stdout, /3 bytes: \\xff\\x00\{\n/);
      const raw = JSON.parse((await session('show', '--json', id)).stdout).session;
      assert.equal(raw.base64, Buffer.from([255, 0, 123]).toString('base64'));
      await shop.redis('DEL', `session:${id}`);
    });

  test('list: newest first', async () => {
    const { code, stdout } = await session('list');
    assert.equal(code, found);
    const lines = stdout.trim().split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[0], /^created +state +videos +amount +session$/);
    assert.match(lines[1], new RegExp(`open .*${open}$`));
    assert.match(lines[2], new RegExp(`delivered +2 +\\$2\\.00 +${done}$`));
    const one = await session('list', '--limit', '1', '--json');
    assert.equal(JSON.parse(one.stdout).id, open);
  });

  test('not found, the Redis is in use: made elsewhere, never stored, or over', async () => {
    const { code, stdout, stderr } = await session('show', nobody);
    assert.deepEqual([code, stdout], [missing, '']);
    assert.match(stderr, /no order cs_test_nobodyKnowsMe in the Redis at 127\.0\.0\.1:\d+/);
    assert.match(stderr, /Other orders are there/);
    assertSecret(stderr);
  });

  test('not found, the Redis is empty: is it the right one?', async () => {
    const empty = path.join(shop.folder, 'empty');
    fs.mkdirSync(empty, { mode: 0o700 });
    const { code, stderr } = await run(['session', 'show', nobody], { CLAIMCHECK_DATA_DIR: empty });
    assert.equal(code, missing);
    assert.match(stderr, /holds no orders at all/);
  });

  test('not found, there is no Redis: which directory?', async () => {
    const nowhere = path.join(shop.folder, 'nowhere');
    const { code, stderr } = await run(['session', 'show', nobody],
      { CLAIMCHECK_DATA_DIR: nowhere });
    assert.equal(code, missing);
    assert.match(stderr, /there is no data directory/);
    assert.ok(!fs.existsSync(nowhere));
  });

  test('a malformed id is a wrong use', async () => {
    for (const id of ['pi_123', 'cs_test_', 'cs_test_a/b']) {
      const { code, stderr } = await session('show', id);
      assert.equal(code, usage);
      assert.match(stderr, /is not a session id: those begin with cs_test_ or cs_live_/);
    }
  });

  test('after the server\'s end the orders can still be read', async () => {
    await shop.server.stop();
    const { code, stdout } = await session('show', done);
    assert.equal(code, found);
    assert.match(stdout, /^order +done/m);
    await shop.start();
  });
});

describe('claimcheck', parallel, () => {
  test('--help names every setting, --version the version that CMake has', async () => {
    const help = await run(['--help']);
    assert.equal(help.code, 0);
    for (const word of ['serve', 'session', ...Object.keys(defaults), 'REDIS_URL', '--listen']) {
      assert.ok(help.stdout.includes(word), word);
    }
    const version = await run(['--version']);
    assert.equal(version.code, 0);
    const cmake = fs.readFileSync(path.join(__dirname, '../../CMakeLists.txt'), 'utf8');
    const [, number] = cmake.match(/^project\(claimcheck VERSION (\d+\.\d+\.\d+) /m);
    assert.match(version.stdout, new RegExp(`^claimcheck ${number}( \\([0-9a-f]{12}\\))?\n$`));
  });

  test('wrong use is exit code 2', async () => {
    for (const args of [['session'], ['session', 'show'], ['--nonsense'], ['serve', '--listen'],
      ['session', 'list', '--limit', '0'], ['nonsense']]) {
      const { code, stderr, stdout } = await run(args, { ...defaults, CLAIMCHECK_DATA_DIR: '/' });
      assert.equal(code, usage, `${args.join(' ')}: ${stderr}${stdout}`);
      assert.notEqual(stderr, '');
    }
  });

  // [what, settings, what the one line says]
  const wrong = [
    ['no Stripe key', { STRIPE_SECRET_KEY: '' }, /^claimcheck: STRIPE_SECRET_KEY: not set$/],
    ['no signing secret', { STRIPE_WEBHOOK_SECRET: '' }, /STRIPE_WEBHOOK_SECRET: not set$/],
    ['nothing for sale', { STRIPE_PRICE_IDS: ' , ' }, /STRIPE_PRICE_IDS: nothing is for sale$/],
    ['a price with odd units', { STRIPE_PRICE_IDS: 'price_a::x' }, /STRIPE_PRICE_IDS: .*units/],
    ['a price of an unknown tool', { STRIPE_PRICE_IDS: 'price_a:nothing' },
      /price_a buys the tool nothing, which is not configured$/],
    ['no generator token', { SUPERDUPERAI_TOKEN: '' }, /SUPERDUPERAI_TOKEN: not set$/],
    ['a URL that is none', { STRIPE_API_URL: 'ftp://x' }, /STRIPE_API_URL: must begin with http/],
    ['a life that is no length of time', { CLAIMCHECK_SESSION_TTL: 'long' },
      /CLAIMCHECK_SESSION_TTL: must be a number and s, m, h or d/],
    ['a short operator token', { CLAIMCHECK_ADMIN_TOKEN: 'b1ack' },
      /CLAIMCHECK_ADMIN_TOKEN: must be at least 16 characters/],
    ['an unknown log level', { CLAIMCHECK_LOG_LEVEL: 'loud' }, /CLAIMCHECK_LOG_LEVEL: must be/],
  ];
  for (const [what, settings, line] of wrong) {
    test(`stops at ${what} with one line`, async () => {
      const { code, stdout, stderr } = await run([], { ...defaults, ...settings });
      assert.deepEqual([code, stdout], [usage, '']);
      const [first, ...more] = stderr.trimEnd().split('\n');
      assert.match(first, line);
      assert.deepEqual(more, []);
      assertSecret(stderr);
    });
  }

  test('names file and line of what is wrong in a configuration file', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-test-'));
    const file = path.join(folder, 'claimcheck.toml');
    const tell = async (text) => {
      fs.writeFileSync(file, text);
      const { code, stderr } = await run(['serve', '--config', file], defaults);
      assert.equal(code, usage, stderr);
      assertSecret(stderr);
      return stderr.trim().replace(folder, '');
    };
    assert.match(await tell('listen = "127.0.0.1:0"\ncolour = "red"\n'),
      /^claimcheck: \/claimcheck\.toml:2: colour: unknown key$/);
    assert.match(await tell('listen = 8080\n'), /toml:1: listen: must be a string$/);
    assert.match(await tell('[tool.x]\nspeed = 1\n'), /toml:2: speed: unknown key of a tool$/);
    assert.match(await tell('listen = \n'), /toml:1: /);
    const { code, stderr } = await run(['serve', '--config', `${file}.gone`], defaults);
    assert.equal(code, usage);
    assert.match(stderr, /claimcheck\.toml\.gone/);
    fs.rmSync(folder, { recursive: true });
  });

  test('says which address it cannot have', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-test-'));
    const { code, stderr } = await run([], {
      ...defaults, CLAIMCHECK_LISTEN: '192.0.2.1:1', CLAIMCHECK_DATA_DIR: folder });
    assert.equal(code, failed);
    assert.match(stderr, /start_failed.*192\.0\.2\.1:1/);
    assertSecret(stderr);
    fs.rmSync(folder, { recursive: true });
  });

  for (const args of [['session', 'show', nobody], ['session', 'list']]) {
    test(`${args.join(' ')}: Redis away is exit code 4`, async () => {
      const settings = { ...defaults, REDIS_URL: 'redis://:pA55word1234@127.0.0.1:1' };
      const { code, stderr } = await run(args, settings);
      assert.equal(code, away);
      assert.match(stderr, /Redis at 127\.0\.0\.1:1 cannot be used/);
      assert.ok(!stderr.includes('pA55word1234'));
      assertSecret(stderr);
    });
  }
});
