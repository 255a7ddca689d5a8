// A Redis for a test, and redis-cli to look into one. What claimcheck keeps in its embedded Redis
// is read through the address that it leaves in its data directory.
'use strict';
const { execFile, execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const { MovedClock } = require('./clock.js');
const { freePort } = require('./port.js');
const { eventually } = require('./sandbox.js');

const execute = promisify(execFile);
const portTries = 3;
const userPassword = 'b1ackB0x-redis-0123456789';

// The text of one reply; an array's elements are its lines.
async function redis(url, ...words) {
  const options = { maxBuffer: 64 * 1024 * 1024, timeout: 5000, env: { ...process.env } };
  const { hostname, port, username, password } = new URL(url);
  if (password) options.env.REDISCLI_AUTH = password;
  const user = username ? ['--user', username] : [];
  const { stdout } = await execute(
    'redis-cli', ['-h', hostname, '-p', port, ...user, '--raw', ...words], options);
  return stdout.replace(/\n$/, '');
}

function embeddedUrl(folder) {
  return fs.readFileSync(path.join(folder, 'redis.url'), 'utf8').trim();
}

// The rules of docs/redis-user.md, for a server of that version.
function leastRights(version) {
  const page = fs.readFileSync(path.join(__dirname, '../../../docs/redis-user.md'), 'utf8');
  const rules = /^ACL SETUSER claimcheck ([^`]+)/m.exec(page)[1].trim().split(/\s+/);
  const [major, minor] = version.split('.').map(Number);
  // `reset` is not for a configuration file.
  const unknown = [...(major === 7 && minor < 2 ? ['+waitaof'] : []), 'reset'];
  return rules.filter((rule) => !unknown.includes(rule))
    .map((rule) => (rule === '>PASSWORD' ? `>${userPassword}` : rule));
}

const versions = new Map();  // by program
function versionOf(program) {
  if (!versions.has(program)) {
    const text = execFileSync(program, ['--version'], { encoding: 'utf8' });
    versions.set(program, /v=([\d.]+)/.exec(text)[1]);
  }
  return versions.get(program);
}

// A redis-server of the test's own, that can go away and come back with its data. claimcheck uses
// it as the user of docs/redis-user.md, the test as the one that may do everything.
class OwnRedis {
  // program: which server; more: lines of its configuration, as arguments; movesClock: true = its
  // wall clock can be set.
  static async start(folder, { program = 'redis-server', more = [], movesClock = false } = {}) {
    for (let tries = 1; ; ++tries) {
      const own = new OwnRedis(folder, await freePort());
      Object.assign(own, { program, more, clock: movesClock ? new MovedClock(folder) : null });
      try {
        await own.begin();
        return own;
      } catch (error) {
        // Somebody else has taken the port between our look and its start.
        if (own.child.exitCode === null || tries === portTries) throw error;
      }
    }
  }

  constructor(folder, port) {
    this.folder = folder;
    this.port = port;
    this.url = this.urlAt(port);
  }

  // claimcheck's address of it, through a proxy at that port.
  urlAt(port) { return `redis://claimcheck:${userPassword}@127.0.0.1:${port}`; }

  async begin() {
    fs.mkdirSync(this.folder, { recursive: true });
    this.child = spawn(this.program, [
      '--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.folder, '--save', '',
      '--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction',
      '--user', 'claimcheck', ...leastRights(versionOf(this.program)), ...this.more,
    ], { stdio: 'ignore', env: { ...process.env, ...this.clock?.env } });
    this.kill = () => this.child.kill('SIGKILL');
    process.on('exit', this.kill);
    const ended = () => this.child.exitCode !== null;
    await eventually(() => ended() || this.ask('PING').catch(() => ''), { what: 'redis-server' });
    if (ended()) throw new Error(`redis-server at ${this.port} ended`);
  }

  ask(...words) { return redis(`redis://127.0.0.1:${this.port}`, ...words); }
  // Connected, but it does not answer any more.
  freeze() { this.child.kill('SIGSTOP'); }
  thaw() { this.child.kill('SIGCONT'); }

  async end() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.thaw();
    this.child.kill('SIGKILL');
    process.removeListener('exit', this.kill);
    await ended;
  }
}

// A Sentinel that watches the server at that port as the primary `shop`. It has a password.
class OwnSentinel {
  static password = 's3ntinel-0123456789';

  static async start(
    folder, primaryPort, { program = 'redis-server', quorum = 2, downAfterMs = 500 } = {}) {
    const sentinel = new OwnSentinel();
    sentinel.port = await freePort();
    fs.mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'sentinel.conf');  // it writes what it finds out into it
    fs.writeFileSync(file, `bind 127.0.0.1\nport ${sentinel.port}\ndir ${folder}\n` +
      `requirepass ${OwnSentinel.password}\nsentinel sentinel-pass ${OwnSentinel.password}\n` +
      `sentinel monitor shop 127.0.0.1 ${primaryPort} ${quorum}\n` +
      `sentinel down-after-milliseconds shop ${downAfterMs}\n` +
      'sentinel failover-timeout shop 3000\n');
    sentinel.child = spawn(program, [file, '--sentinel'], { stdio: 'ignore' });
    sentinel.kill = () => sentinel.child.kill('SIGKILL');
    process.on('exit', sentinel.kill);
    await eventually(() => sentinel.ask('PING').catch(() => ''), { what: 'a Sentinel' });
    return sentinel;
  }

  ask(...words) {
    return redis(`redis://:${OwnSentinel.password}@127.0.0.1:${this.port}`, ...words);
  }
  // The port of the primary, as it knows it.
  async primary() {
    return Number((await this.ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'shop')).split('\n')[1]);
  }

  async end() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    process.removeListener('exit', this.kill);
    await ended;
  }
}

module.exports = { OwnRedis, OwnSentinel, embeddedUrl, redis };
