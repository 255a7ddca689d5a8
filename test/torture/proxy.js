// Proxy: a TCP port that forwards every link to a target and can do to links what networks do. A
// script sees each chunk before it is forwarded; a stopped link forwards nothing, not even its end,
// until it goes on. Several targets are taken in turn, and one that refuses is passed over.
'use strict';
const net = require('node:net');
const { once } = require('node:events');
const { Gate, pause } = require('./time.js');

class Link {
  constructor(client) {
    this.client = client;
    this.gate = new Gate();
    this.ended = false;
  }
  end() {
    this.ended = true;
    this.client.destroy();
    this.server?.destroy();
    this.gate.open();
  }
}

class Proxy {
  // targets: port numbers on this machine
  static async open(targets) {
    const proxy = new Proxy(targets);
    proxy.listener.listen(0, '127.0.0.1');
    await once(proxy.listener, 'listening');
    proxy.port = proxy.listener.address().port;
    return proxy;
  }

  constructor(targets) {
    this.targets = targets;
    this.turn = 0;
    this.links = new Set();
    this.script = null;  // async (link, chunk, isReply) => bytes to forward; null ends the link
    this.isStopped = false;  // new links begin stopped
    this.listener = net.createServer({ allowHalfOpen: true }, (client) => this.link(client));
  }

  async link(client) {
    const link = new Link(client);
    this.links.add(link);
    if (this.isStopped) link.gate.shut();
    client.on('error', () => link.end());
    client.on('close', () => { link.end(); this.links.delete(link); });
    link.server = await this.connect();
    if (!link.server || link.ended) return link.end();
    link.server.on('error', () => link.end());
    link.server.on('close', () => link.end());
    this.pump(link, client, link.server, false);
    this.pump(link, link.server, client, true);
  }

  async connect() {
    for (const _ of this.targets) {
      const port = this.targets[this.turn++ % this.targets.length];
      const server = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
      try {
        await once(server, 'connect');
        return server;
      } catch {
        server.destroy();
      }
    }
    return null;
  }

  async pump(link, from, to, isReply) {
    try {
      for await (const chunk of from) {
        await link.gate.passed();
        const bytes = this.script ? await this.script(link, chunk, isReply) : chunk;
        if (bytes === null || link.ended) return link.end();
        if (!to.write(bytes)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
      await link.gate.passed();
      to.end();
    } catch {
      link.end();
    }
  }

  retarget(port) { this.targets = [port]; }
  cut() { for (const link of this.links) link.end(); }

  // Runs a script for a while: how often it struck. Links that it has marked are ended after it.
  async during(ms, makeScript) {
    const struck = { times: 0, links: new Set() };
    this.script = makeScript(struck);
    await pause(ms);
    this.script = null;
    for (const link of struck.links) link.end();
    return struck.times;
  }

  stop() {
    this.isStopped = true;
    for (const link of this.links) link.gate.shut();
  }
  go() {
    this.isStopped = false;
    for (const link of this.links) link.gate.open();
  }
  heal() {
    this.script = null;
    this.go();
  }
  close() {
    this.listener.close();
    this.cut();
  }
}

// What scripts do; each counts what it struck.
const scripts = {
  delay: (mostMs, chance) => (struck) => async (link, chunk) => {
    ++struck.times;
    await pause(chance.between(1, mostMs));
    return chunk;
  },
  // The request arrives and has its effect; the link ends in the place of the reply.
  dropReplies: (share, chance) => (struck) => (link, chunk, isReply) => {
    if (!isReply || !chance.roll(share)) return chunk;
    ++struck.times;
    return null;
  },
  cutReplies: (share, chance) => (struck) => async (link, chunk, isReply) => {
    if (!isReply || chunk.length < 2 || !chance.roll(share)) return chunk;
    ++struck.times;
    const kept = chunk.subarray(0, chance.between(1, chunk.length - 1));
    await new Promise((resolve) => link.client.write(kept, resolve));
    return null;
  },
  // Everything is swallowed, and nobody is told that the link is dead.
  blackHole: () => (struck) => (link) => {
    if (!struck.links.has(link)) ++struck.times;
    struck.links.add(link);
    return Buffer.alloc(0);
  },
  // The reply comes and the peer says that it has ended, while it goes on listening.
  halfClose: (share, chance) => (struck) => (link, chunk, isReply) => {
    if (struck.links.has(link)) return Buffer.alloc(0);
    if (!isReply || !chance.roll(share)) return chunk;
    ++struck.times;
    struck.links.add(link);
    link.client.end(chunk);
    return Buffer.alloc(0);
  },
};

module.exports = { Proxy, scripts };
