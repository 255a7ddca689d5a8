// Starts the real claimcheck for a test, reads its log and stops it by its process id.
// Binary: $CLAIMCHECK_BIN, else build/dev/claimcheck. Its environment holds only what the test
// gives, so nothing of the machine's own settings gets in. Every process that is stopped has its
// log searched: it must be JSON lines, and hold no secret, prompt or e-mail address. With
// $TEST_BEHIND=nginx (caddy, haproxy) each server is reached through a proxy of its own.
'use strict';
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { Proxy } = require('./proxy.js');

const behind = process.env.TEST_BEHIND;
const binary = process.env.CLAIMCHECK_BIN ||
  path.join(__dirname, '..', '..', '..', 'build', 'dev', 'claimcheck');
const stopPatienceMs = 30000;

// Stands in every prompt and every e-mail address of the suite, so a log that holds it leaks.
const privateWord = 'zebrafinch';
const secrets = {
  STRIPE_SECRET_KEY: 'sk_test_b1ackB0xKey5432109876',
  STRIPE_WEBHOOK_SECRET: 'whsec_b1ackB0xS3cr3t5432109876',
  SUPERDUPERAI_TOKEN: 'b1ackB0xT0ken0123456789abcdef012',
  CLAIMCHECK_ADMIN_TOKEN: 'b1ackB0x-operator-0123456789',
};
const defaults = {
  ...secrets,
  CLAIMCHECK_LISTEN: '127.0.0.1:0',
  ...(behind ? { CLAIMCHECK_TRUSTED_PROXIES: 'loopback' } : {}),
  STRIPE_PRICE_IDS: 'price_single:veo3-prompt-generator,price_triple:veo3-prompt-generator:3',
};

// What a test process passes on: how to find programs, and how sanitizers report.
function passedOn() {
  const names = /^(PATH|HOME|TMPDIR|LANG|(A|UB|L)SAN_\w+)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => names.test(name)));
}

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

// openFiles: the hard limit of them, if it is to be lower than this process's own.
function start(args, settings, stdio, openFiles) {
  const limited = ['-c', 'ulimit -n "$1"; shift; exec "$@"', 'sh', openFiles, binary, ...args];
  const [program, words] = openFiles ? ['sh', limited] : [binary, args];
  const child = spawn(program, words, { env: { ...passedOn(), ...settings }, stdio });
  running.add(child);
  child.ended = new Promise((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return child;
}

// Runs a command to its end: { code, stdout, stderr }. No defaults: the test says everything.
async function run(args, settings = {}) {
  const child = start(args, settings, ['ignore', 'pipe', 'pipe']);
  const texts = { stdout: '', stderr: '' };
  for (const name of Object.keys(texts)) {
    child[name].setEncoding('utf8').on('data', (part) => { texts[name] += part; });
  }
  const { code } = await child.ended;
  return { code, ...texts };
}

class Claimcheck {
  // Resolves when it listens; `settings` are environment variables over the defaults.
  static async start(settings = {}, { openFiles } = {}) {
    const server = new Claimcheck({ ...defaults, ...settings }, openFiles);
    const first = await Promise.race([server.event('listening'), server.child.ended]);
    if (!first.url) {
      throw new Error(`${binary} ended (${first.code ?? first.signal}):\n${server.text}`);
    }
    server.ownUrl = first.url;  // without the proxy
    server.url = behind ? await server.reachedThrough(behind, first.url) : first.url;
    return server;
  }

  constructor(settings, openFiles) {
    this.settings = settings;
    this.text = '';
    this.log = [];  // one object per line
    this.noise = [];  // lines that are no JSON: a sanitizer's report, a library's print
    this.listeners = [];
    this.child = start(['serve'], settings, ['ignore', 'ignore', 'pipe'], openFiles);
    this.child.stderr.setEncoding('utf8').on('data', (part) => this.read(part));
  }

  async reachedThrough(kind, url) {
    const proxy = await Proxy.start(kind, url);
    this.child.ended.then(() => proxy.stop());
    return proxy.url;
  }

  read(part) {
    const from = this.text.lastIndexOf('\n') + 1;
    this.text += part;
    const lines = this.text.slice(from).split('\n');
    lines.pop();
    for (const line of lines) {
      try {
        this.log.push(JSON.parse(line));
      } catch {
        this.noise.push(line);
        continue;
      }
      for (const listener of this.listeners) listener(this.log.at(-1));
    }
  }

  // The first log line of that event, now or later.
  event(name) {
    const seen = this.log.find((line) => line.event === name);
    if (seen) return Promise.resolve(seen);
    return new Promise((resolve) => {
      this.listeners.push((line) => { if (line.event === name) resolve(line); });
    });
  }
  events(name) { return this.log.filter((line) => line.event === name); }

  get pid() { return this.child.pid; }

  // Frozen by a failpoint or by a SIGSTOP.
  isStopped() { return / T /.test(fs.readFileSync(`/proc/${this.pid}/stat`, 'utf8')); }
  resume() { this.child.kill('SIGCONT'); }

  // SIGTERM; everything that was under way is finished, and the end is a clean one.
  async stop() {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const patience = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
      child.kill('SIGTERM');
      await child.ended;
      clearTimeout(patience);
    }
    const { code, signal } = await child.ended;
    this.assertClean();
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, 'claimcheck did not end cleanly');
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.died();
  }
  // Waits for an end that the test has arranged.
  async died() {
    const { signal } = await this.child.ended;
    assert.equal(signal, 'SIGKILL', this.noise.join('\n'));
    this.assertClean();
  }

  assertClean() {
    assert.deepEqual(this.noise, [], 'lines that are no JSON');
    const kept = [privateWord, ...Object.values(secrets), ...this.ownSecrets()];
    for (const word of kept) {
      const line = this.text.split('\n').find((one) => one.includes(word));
      assert.equal(line, undefined, `the log holds ${word}`);
    }
  }

  // Secrets that this process was given, and the password of its Redis.
  ownSecrets() {
    const { CLAIMCHECK_DATA_DIR: folder } = this.settings;
    const words = ['STRIPE_WEBHOOK_SECRET', 'CLAIMCHECK_NOTIFY_SECRET',
      'CLAIMCHECK_SCREENING_SECRET']
      .flatMap((name) => (this.settings[name] ?? '').split(','));
    const { CLAIMCHECK_SMTP_URL: smtp, REDIS_URL: redis } = this.settings;
    // No URL to Node, if it has several hosts.
    if (redis) words.push(/:([^:@]*)@/.exec(redis)?.[1]);
    if (smtp) words.push(new URL(smtp).password, decodeURIComponent(new URL(smtp).password));
    const file = folder && path.join(folder, 'redis.url');
    if (file && fs.existsSync(file)) words.push(new URL(fs.readFileSync(file, 'utf8')).password);
    return words.filter(Boolean);
  }
}

module.exports = { Claimcheck, binary, defaults, privateWord, run, secrets };
