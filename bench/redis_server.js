// A Redis for one benchmark: it keeps nothing on disk (durability `memory`), and shares its core
// with the load.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { freePort } = require('../test/blackbox/support/port.js');
const { eventually } = require('../test/blackbox/support/sandbox.js');
const { Program, loadCore } = require('./programs.js');
const { RedisLink } = require('./redis_link.js');

class RedisServer {
  static async start() {
    const redis = new RedisServer();
    redis.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-bench-'));
    redis.port = await freePort();
    redis.program = await Program.start('redis-server', ['redis-server', '--bind', '127.0.0.1',
      '--port', String(redis.port), '--dir', redis.folder, '--save', '', '--appendonly', 'no',
      '--maxmemory-policy', 'noeviction'], { core: loadCore });
    redis.link = await eventually(() => RedisLink.open(redis.port).catch(() => null),
      { what: 'redis-server' });
    return redis;
  }

  get url() { return `redis://127.0.0.1:${this.port}`; }
  ask(...words) { return this.link.ask(...words); }
  cpu() { return this.program.cpu(); }

  async stop() {
    this.link.close();
    await this.program.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { RedisServer };
