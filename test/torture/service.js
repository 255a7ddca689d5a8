// Service: one `claimcheck serve` that is started again whenever it ends, as a supervisor would do.
// Each of its lives writes a log file of its own. An end that nobody has arranged is remembered,
// except that it may refuse to start while Redis is away.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { binary, defaults } = require('../blackbox/support/claimcheck.js');
const { eventually } = require('../blackbox/support/sandbox.js');
const { ask } = require('./ask.js');
const { pause, within } = require('./time.js');

const redisAwayCode = 4;
const drainMs = 40000;

class Service {
  constructor(name, port, folder, settings) {
    Object.assign(this, { name, port, folder });
    this.url = `http://127.0.0.1:${port}`;
    this.settings = {
      PATH: process.env.PATH, ...defaults, CLAIMCHECK_LISTEN: `127.0.0.1:${port}`, ...settings,
    };
    this.logs = [];
    this.surprises = [];  // ends that nobody has arranged
    this.isKept = true;
    this.begin();
  }

  begin() {
    const log = path.join(this.folder, `${this.name}-${this.logs.length + 1}.log`);
    this.logs.push(log);
    const file = fs.openSync(log, 'w');
    this.child = spawn(binary, ['serve'], {
      env: this.settings, stdio: ['ignore', 'ignore', file] });
    fs.closeSync(file);
    const { child } = this;
    child.arranged = [];  // how it may end
    child.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        process.removeListener('exit', child.last);
        resolve();
        this.note(code, signal, log);
      });
    });
    child.last = () => child.kill('SIGKILL');
    process.on('exit', child.last);
  }

  async note(code, signal, log) {
    const end = signal ?? code;
    if (!this.child.arranged.includes(end) && end !== redisAwayCode) {
      this.surprises.push(`${this.name} ended with ${end}, see ${path.basename(log)}`);
    }
    await pause(500);
    if (this.isKept) this.begin();
  }

  serves() {
    const healthy = () => ask(this.url, 'GET', '/healthz', { ms: 1000 })
      .then((answer) => answer.status === 200, () => false);
    return eventually(healthy, { withinMs: 60000, everyMs: 100, what: `${this.name} to serve` });
  }

  async kill() {
    const { child } = this;
    child.arranged.push('SIGKILL');
    child.kill('SIGKILL');
    await child.ended;
  }
  // SIGTERM; what is under way is finished first.
  async terminate() {
    const { child } = this;
    child.arranged.push(0);
    child.kill('SIGTERM');
    try {
      await within(drainMs, child.ended, `${this.name} to end after SIGTERM`);
    } catch (error) {
      this.surprises.push(error.message);
      await this.kill();
    }
  }
  async frozen(ms) {
    const { child } = this;
    child.kill('SIGSTOP');
    await pause(ms);
    child.kill('SIGCONT');
  }
  async stop() {
    this.isKept = false;
    await this.terminate();
  }
}

module.exports = { Service };
