// The status path: GET /api/webhook-status/<id> of stored sessions, by claimcheck and its peers.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Sandbox } = require('../test/blackbox/support/sandbox.js');
const { used } = require('./programs.js');
const { RedisServer } = require('./redis_server.js');
const { text } = require('./redis_link.js');
const { inRounds } = require('./rounds.js');
const { writeSessions } = require('./sessions.js');
const { claimcheck, fastify, floor, statusPeers } = require('./status_peers.js');
const { wrk } = require('./wrk.js');

const checked = 200;  // answers of each peer that are compared with Redis
const sweepSessions = 500;

class StatusBench {
  static async open({ sessions, promptLength }) {
    const bench = new StatusBench();
    bench.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-bench-'));
    bench.redis = await RedisServer.start();
    bench.sandbox = await Sandbox.start([]);
    bench.ids = await writeSessions(bench.redis, sessions, promptLength);
    bench.idFile = path.join(bench.folder, 'ids');
    fs.writeFileSync(bench.idFile, `${bench.ids.join('\n')}\n`);
    bench.running = [];
    return bench;
  }

  // Starts those that can run here, and says of the others why not.
  async start(peers) {
    for (const peer of peers) {
      const program = await peer.start(this);
      if (typeof program === 'string') {
        console.log(`left out: ${peer.name}, ${program}`);
        continue;
      }
      this.running.push({ ...peer, program });
      await this.check(this.running.at(-1));
    }
  }

  // What it answers is what stands in Redis, or its figures mean nothing.
  async check(peer) {
    const step = Math.max(1, Math.floor(this.ids.length / checked));
    for (let i = 0; i < this.ids.length; i += step) {
      const id = this.ids[i];
      const value = text(await this.redis.ask('GET', `session:${id}`));
      const answer = await fetch(this.address(peer) + peer.before + id + (peer.behind ?? ''));
      const seen = { status: answer.status, body: await answer.text() };
      if (!peer.check(id, value, seen)) {
        throw new Error(`${peer.name} answers ${seen.status} ${seen.body}\nfor ${id}: ${value}`);
      }
    }
  }

  address(peer) { return `http://127.0.0.1:${peer.program.port}`; }

  // One run of wrk.
  async measure(peer, { seconds, connections, seed }) {
    const cpu = () => [peer.program.cpu(), this.redis.cpu()];
    const before = cpu();
    const { requests, us, p50, p99 } = await wrk(this.address(peer), 'read.lua',
      [peer.before, peer.behind ?? '', seed], { connections, seconds, env: { IDS: this.idFile } });
    const after = cpu();
    return {
      server: used(before[0], after[0]) / requests,
      user: (after[0].user - before[0].user) / requests,
      system: (after[0].system - before[0].system) / requests,
      redis: used(before[1], after[1]) / requests,
      rate: requests / us * 1e6, p50: p50 / 1000, p99: p99 / 1000,
      memory: peer.program.memoryMb(),
    };
  }

  async rounds({ rounds, seconds, connections }) {
    for (const peer of this.running) {
      await this.measure(peer, { seconds: 1, connections, seed: 99 });  // warm
    }
    return inRounds(rounds, this.running, 'server', (peer, round) =>
      this.measure(peer, { seconds, connections, seed: round + 1 }));
  }

  async close() {
    for (const { program } of this.running) await program.stop();
    await this.sandbox.stop();
    await this.redis.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

// One table of all peers: rows as inRounds gives them.
async function compareStatus({ sessions, rounds, seconds, connections }) {
  const bench = await StatusBench.open({ sessions });
  await bench.start(statusPeers);
  const rows = await bench.rounds({ rounds, seconds, connections });
  await bench.close();
  return rows;
}

// Lines for a plot: { name, points: [[x, server µs a request]] }, of the best rounds.
function lines(rowsByX) {
  const names = rowsByX[0].rows.map(({ name }) => name);
  return names.map((name) => ({
    name, points: rowsByX.map(({ x, rows }) => [x, rows.find((row) => row.name === name).least]),
  }));
}

// Each point has sessions of its own; sessionsAt(point) says which.
async function statusOver(points, sessionsAt, { rounds, seconds, connections }) {
  const rowsByX = [];
  for (const x of points) {
    const bench = await StatusBench.open(sessionsAt(x));
    await bench.start([claimcheck, floor, fastify]);
    rowsByX.push({ x, rows: await bench.rounds({ rounds, seconds, connections }) });
    await bench.close();
  }
  return lines(rowsByX);
}

const statusBySize = ({ sizes, ...how }) => statusOver(sizes,
  (promptLength) => ({ sessions: sweepSessions, promptLength }), how);
const statusByStored = ({ stored, ...how }) => statusOver(stored,
  (sessions) => ({ sessions }), how);

async function statusByLoad({ sessions, loads, rounds, seconds }) {
  const bench = await StatusBench.open({ sessions });
  await bench.start([claimcheck, floor, fastify]);
  const rowsByX = [];
  for (const load of loads) {
    rowsByX.push({ x: load, rows: await bench.rounds({ rounds, seconds, connections: load }) });
  }
  await bench.close();
  return lines(rowsByX);
}

module.exports = { compareStatus, statusByLoad, statusBySize, statusByStored };
