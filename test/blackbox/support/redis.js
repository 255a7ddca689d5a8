// A Redis for a test, and redis-cli to look into one. What claimcheck keeps in its embedded Redis
// is read through the address that it leaves in its data directory.
'use strict';
const { execFile, spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const { MovedClock } = require('./clock.js');
const { freePort } = require('./port.js');
const { eventually } = require('./sandbox.js');

const execute = promisify(execFile);
const portTries = 3;

// The text of one reply; an array's elements are its lines.
async function redis(url, ...words) {
  const options = { maxBuffer: 64 * 1024 * 1024, timeout: 5000, env: { ...process.env } };
  const { hostname, port, password } = new URL(url);
  if (password) options.env.REDISCLI_AUTH = password;
  const { stdout } = await execute(
    'redis-cli', ['-h', hostname, '-p', port, '--raw', ...words], options);
  return stdout.replace(/\n$/, '');
}

function embeddedUrl(folder) {
  return fs.readFileSync(path.join(folder, 'redis.url'), 'utf8').trim();
}

// A redis-server of the test's own, that can go away and come back with its data.
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
    this.url = `redis://127.0.0.1:${port}`;
  }

  async begin() {
    fs.mkdirSync(this.folder, { recursive: true });
    this.child = spawn(this.program, [
      '--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.folder, '--save', '',
      '--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction',
      ...this.more,
    ], { stdio: 'ignore', env: { ...process.env, ...this.clock?.env } });
    this.kill = () => this.child.kill('SIGKILL');
    process.on('exit', this.kill);
    const ended = () => this.child.exitCode !== null;
    await eventually(() => ended() || this.ask('PING').catch(() => ''), { what: 'redis-server' });
    if (ended()) throw new Error(`redis-server at ${this.port} ended`);
  }

  ask(...words) { return redis(this.url, ...words); }
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

module.exports = { OwnRedis, embeddedUrl, redis };
