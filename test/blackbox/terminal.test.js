// A terminal is for people: what the log looks like there, one sentence for what stops the start,
// the nearest name for one that is unknown, and a Redis that cannot be used told at once.
'use strict';
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { describe, test } = require('node:test');
const { Claimcheck, binary, defaults, run, secrets } = require('./support/claimcheck.js');
const { freePort } = require('./support/port.js');
const { OwnRedis } = require('./support/redis.js');
const { eventually } = require('./support/sandbox.js');
const { parallel } = require('./support/shop.js');

const [usage, away] = [2, 4];
const password = 'pA55word1234';
const nobody = 'cs_test_nobodyKnowsMe';

async function withFolder(use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-test-'));
  try {
    return await use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
const withRedis = (more, use) => withFolder(async (folder) => {
  const redis = await OwnRedis.start(path.join(folder, 'redis'), { more });
  try {
    return await use(redis);
  } finally {
    await redis.end();
  }
});

// What a command writes to a terminal, by script(1) of util-linux.
function onTerminal(args, settings) {
  const words = [binary, ...args].map((word) => `'${word}'`).join(' ');
  return new Promise((resolve) => {
    execFile('script', ['-qec', words, '/dev/null'],
      { env: { PATH: process.env.PATH, TERM: 'xterm', ...settings } },
      (error, stdout) => resolve(stdout.replaceAll('\r', '')));
  });
}

describe('what stops the start', parallel, () => {
  const nowhere = { ...defaults, CLAIMCHECK_LISTEN: '192.0.2.1:1' };

  test('is one sentence on a terminal that says what to set, below short coloured lines', () =>
    withRedis([], async ({ url }) => {
      const said = await onTerminal([], { ...nowhere, REDIS_URL: url });
      const lines = said.trimEnd().split('\n');
      assert.match(lines[0], /^\x1b\[2m\d\d:\d\d:\d\d\x1b\[0m \x1b\[32minfo \x1b\[0m /);
      assert.match(lines[0], /\x1b\[1mredis connected\x1b\[0m {2}\x1b\[2mredis=\x1b\[0m127/);
      assert.match(lines.at(-1), /^claimcheck: cannot listen on 192\.0\.2\.1:1: .*CHECK_LISTEN/);
      const plain = await onTerminal([], { ...nowhere, REDIS_URL: url, NO_COLOR: '1' });
      assert.match(plain, /^\d\d:\d\d:\d\d info {2}redis connected {2}redis=127/m);
      assert.ok(!plain.includes('\x1b'), plain);
    }));

  test('is JSON lines where no terminal is, or where they are asked for, and text likewise', () =>
    withRedis([], async ({ url }) => {
      const settings = { ...nowhere, REDIS_URL: url };
      const isJson = (text) => text.trimEnd().split('\n').every((line) => JSON.parse(line).event);
      assert.ok(isJson((await run([], settings)).stderr));
      assert.ok(isJson(await onTerminal(['--log-format=json'], settings)));
      const { stderr } = await run([], { ...settings, CLAIMCHECK_LOG_FORMAT: 'text' });
      assert.match(stderr, /^\d\d:\d\d:\d\d info {2}redis connected/);
      assert.match(stderr, /^claimcheck: cannot listen on/m);
      assert.ok(!stderr.includes('\x1b'));
    }));

  // [what, settings, the line]
  const wrong = [
    ['a port without an address', { CLAIMCHECK_LISTEN: '18080' },
      /^claimcheck: CLAIMCHECK_LISTEN: must be .*127\.0\.0\.1:8080, or 0\.0\.0\.0:8080/],
    ['a port behind a colon', { CLAIMCHECK_LISTEN: ':18080' },
      /^claimcheck: CLAIMCHECK_LISTEN: must be .*127\.0\.0\.1:18080, or 0\.0\.0\.0:18080/],
    ['a Redis without a scheme', { REDIS_URL: '127.0.0.1:6379' },
      /^claimcheck: REDIS_URL: must start with redis:\/\/ .*redis:\/\/127\.0\.0\.1:6379$/],
    ['a product for a price', { STRIPE_PRICE_IDS: 'price_a,prod_b' },
      /STRIPE_PRICE_IDS: prod_b is a product's id; take its price's id, price_…$/],
    ['an unknown form of the log', { CLAIMCHECK_LOG_FORMAT: 'xml' },
      /CLAIMCHECK_LOG_FORMAT: must be auto, json or text$/],
  ];
  for (const [what, settings, line] of wrong) {
    test(`${what} is one line, before Redis is called`, async () => {
      const { code, stderr } = await run([], { ...defaults, REDIS_URL: 'redis://127.0.0.1:1',
        ...settings });
      assert.equal(code, usage);
      assert.deepEqual(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.match(stderr.trimEnd(), line);
    });
  }
});

describe('a name that is unknown', parallel, () => {
  const said = async (args, settings = {}) => {
    const { code, stdout, stderr } = await run(args, { ...defaults, ...settings });
    assert.equal(code, usage, stdout + stderr);
    return stderr.trimEnd();
  };
  for (const [args, settings, line] of [
    [['serv'], {}, 'claimcheck: serv: unknown command; did you mean serve?'],
    [['session', 'shwo', 'x'], {},
      'claimcheck: session shwo: unknown command; did you mean show?'],
    [['refunds', 'relase'], {},
      'claimcheck: refunds relase: unknown command; did you mean release?'],
    [['--port', '8080'], {}, 'claimcheck: --port: unknown flag; did you mean --listen?'],
    [['--publik-url=x'], {},
      'claimcheck: --publik-url: unknown flag; did you mean --public-url?'],
    [['--colour'], {}, 'claimcheck: --colour: unknown flag'],
    [[], { CLAIMCHECK_PUBLIC_URI: 'https://x' },
      'claimcheck: CLAIMCHECK_PUBLIC_URI: unknown setting; did you mean CLAIMCHECK_PUBLIC_URL?'],
  ]) {
    test(`is told with the nearest one: ${[...args, ...Object.keys(settings)].join(' ')}`,
      async () => assert.equal(await said(args, settings), line));
  }

  test('in a file likewise, and the parser\'s mistakes are in words', () =>
    withFolder(async (folder) => {
      const file = path.join(folder, 'c.toml');
      const of = async (text) => {
        fs.writeFileSync(file, text);
        return (await said(['--config', file])).replace(folder, '');
      };
      assert.equal(await of('[tools.cat]\ntitle = "Cat"\n'),
        'claimcheck: /c.toml:1: tools: unknown key; did you mean tool?');
      assert.equal(await of('[tool.cat]\ntitel = "Cat"\n'),
        'claimcheck: /c.toml:2: titel: unknown key of a tool; did you mean title?');
      assert.equal(await of('listen = "127.0.0.1:1\n'),
        'claimcheck: /c.toml:1: a text has no closing quote');
      assert.match(await said(['--config', `${file}.gone`]), /\.gone: there is no such file$/);
    }));

  test('help is a command, and names the program and each setting once', async () => {
    const all = await run(['help']);
    assert.equal(all.code, 0);
    assert.match(all.stdout, /^Usage: claimcheck \[OPTIONS\]/m);
    assert.match(all.stdout, /CLAIMCHECK_LISTEN/);
    const one = await run(['help', 'session', 'show']);
    assert.equal(one.code, 0);
    assert.match(one.stdout, /^Usage: claimcheck session show /m);
    assert.doesNotMatch(one.stdout, /CLAIMCHECK_LISTEN/);
  });
});

describe('a video', parallel, () => {
  test('is counted from 1 on the command line, and the older name is refused', async () => {
    const refund = (...more) => run(['session', 'refund', nobody, ...more]);
    const zero = await refund('--video', '0');
    assert.deepEqual([zero.code, zero.stdout], [usage, '']);
    assert.match(zero.stderr, /--video: .*not in range 1 to 40/);
    const old = await refund('--unit', '0');
    assert.deepEqual([old.code, old.stderr],
      [usage, 'claimcheck: --unit: unknown flag; say --video, which counts from 1\n']);
  });
});

describe('a Redis that cannot be used', parallel, () => {
  const told = async (url, line) => {
    for (const args of [['doctor'], ['session', 'list'], ['session', 'show', nobody],
      ['refunds', 'show'], ['audit']]) {
      const { code, stderr } = await run(args, { ...defaults, REDIS_URL: url });
      assert.equal(code, away, stderr);
      assert.match(stderr, line);
      assert.ok(!stderr.includes(password), stderr);
    }
  };

  test('for a wrong password, and for none', () =>
    withRedis(['--requirepass', password], async ({ port }) => {
      await told(`redis://:${password}wrong@127.0.0.1:${port}`,
        /^claimcheck: Redis at 127.* cannot be used: it refuses .*password of REDIS_URL$/m);
      await told(`redis://127.0.0.1:${port}`, /it demands a password, and REDIS_URL has none$/m);
    }));

  test('since nothing listens there', async () => {
    await told(`redis://127.0.0.1:${await freePort()}`, /nothing listens there/);
  });

  // Each answers the first bytes that it gets.
  for (const [what, answer, line] of [
    ['older than Redis 6', `-ERR unknown command \`HELLO\`, with args: \`${password}\`\r\n`,
      /it is older than Redis 6$/m],
    ['in protected mode', '-DENIED Redis is running in protected mode\r\n', /in protected mode/],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', /what answers there is not a Redis$/m],
    ['silent at once', '', /ended the connection without an answer: is it a Redis\?$/m],
  ]) {
    test(`since it is ${what}`, async () => {
      const server = net.createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(answer));
      });
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        await told(`redis://:${password}@127.0.0.1:${server.address().port}`, line);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    });
  }

  test('is waited for by the server, which says so once and serves when it is there', () =>
    withFolder(async (folder) => {
      const port = await freePort();
      const settings = { ...defaults, REDIS_URL: `redis://127.0.0.1:${port}`,
        STRIPE_API_URL: 'http://127.0.0.1:1' };
      const server = new Claimcheck(settings);
      const waits = await server.event('redis_awaited');
      assert.match(waits.why, /nothing listens there/);
      assert.equal(waits.redis, `127.0.0.1:${port}`);
      const redis = new OwnRedis(path.join(folder, 'redis'), port);
      Object.assign(redis, { program: 'redis-server', more: [], clock: null });
      await redis.begin();
      try {
        await server.event('listening');
        assert.equal(server.events('redis_awaited').length, 1);
        await server.stop();
      } finally {
        await redis.end();
      }
    }));

  test('does not keep a waiting server from its end', async () => {
    const server = new Claimcheck({ ...defaults,
      REDIS_URL: `redis://:${secrets.STRIPE_SECRET_KEY}@127.0.0.1:${await freePort()}` });
    await server.event('redis_awaited');
    await server.stop();
    await eventually(() => server.child.exitCode === 0);
  });
});

