// Programs of a benchmark: each is pinned to one core, the server that is measured to one and all
// that loads it to the other. What a program and its children used of the processor is read from
// the kernel's accounting, which other programs on the machine disturb less than they do the time.
'use strict';
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const { eventually } = require('../test/blackbox/support/sandbox.js');

const serverCore = 0;
const loadCore = os.cpus().length > 1 ? 1 : 0;
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const stopPatienceMs = 10000;

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

// Fields of /proc/PID/stat behind the name, which may hold blanks: the first is the state.
function statOf(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

// The process and all that descend from it.
function treeOf(root) {
  const parents = new Map();
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), Number(statOf(name)[1]));
    } catch {
      continue;  // it has ended meanwhile
    }
  }
  const tree = [root];
  for (let i = 0; i < tree.length; ++i) {
    for (const [pid, parent] of parents) if (parent === tree[i]) tree.push(pid);
  }
  return tree;
}

class Program {
  // answers: an address that answers as soon as the program is ready.
  static async start(name, words, { core = serverCore, env = {}, answers } = {}) {
    const program = new Program(name, words, core, env);
    const isUp = () => program.hasEnded || fetch(answers).then(() => true, () => false);
    if (answers) await eventually(isUp, { everyMs: 2, what: `${name} to answer` });
    if (program.hasEnded) throw new Error(`${name} ended:\n${program.errors}`);
    return program;
  }

  constructor(name, words, core, env) {
    this.name = name;
    this.errors = '';
    this.child = spawn('taskset', ['-c', String(core), ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: os.tmpdir(), ...env },
    });
    running.add(this.child);
    this.child.stderr.on('data', (part) => {
      this.errors = (this.errors + part).slice(-4000);
    });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => { this.errors += error.message; resolve(); });
      this.child.once('close', resolve);
    }).then(() => {
      this.hasEnded = true;
      running.delete(this.child);
    });
  }

  get pid() { return this.child.pid; }

  // { user, system } in microseconds of processor time so far.
  cpu() {
    const sum = { user: 0, system: 0 };
    for (const pid of treeOf(this.pid)) {
      const [user, system] = statOf(pid).slice(11, 13).map(Number);
      sum.user += user * 1e6 / ticksPerSecond;
      sum.system += system * 1e6 / ticksPerSecond;
    }
    return sum;
  }

  // Resident memory of the tree in MB.
  memoryMb() {
    return treeOf(this.pid).reduce((sum, pid) => {
      const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
      return sum + Number((/^VmRSS:\s+(\d+) kB/m.exec(status) ?? [0, 0])[1]) / 1024;
    }, 0);
  }

  async stop() {
    const patience = setTimeout(() => this.child.kill('SIGKILL'), stopPatienceMs);
    this.child.kill('SIGTERM');
    await this.ended;
    clearTimeout(patience);
  }
}

// What was used between two readings of cpu(), all together.
const used = (before, after) => after.user - before.user + after.system - before.system;

// What the figures hold for: printed above every table.
function machine() {
  const { model } = os.cpus()[0];
  const system = `${os.type()} ${/^\d+\.\d+/.exec(os.release())[0]}`;
  const redis = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
  return `${os.cpus().length} cores, ${model.trim()}, ${system}, `
    + `Redis ${/v=([\d.]+)/.exec(redis)[1]}, Node ${process.versions.node}`;
}

module.exports = { Program, loadCore, machine, used };
