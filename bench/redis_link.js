// RedisLink: one connection to a Redis, for what redis-cli is too slow for: thousands of writes in
// one go, a look at many orders at once, and MONITOR. Bytes are read and written as latin1, so that
// lengths are bytes; text() turns a reply into a string.
'use strict';
const net = require('node:net');

const text = (reply) => Buffer.from(reply, 'latin1').toString('utf8');

class RedisLink {
  static async open(port) {
    const socket = net.connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RedisLink(socket);
  }

  constructor(socket) {
    this.socket = socket;
    this.waiting = [];
    this.bytes = '';
    this.at = 0;
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (part) => this.read(part));
    socket.on('close', () => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error('Redis has hung up'));
    });
  }

  // The reply to one command: a text, a number, null or a list of these. Commands that are asked
  // without waiting for the reply to the one before are sent together.
  ask(...words) {
    const parts = words.map((word) => {
      const bytes = Buffer.from(String(word), 'utf8').toString('latin1');
      return `$${bytes.length}\r\n${bytes}\r\n`;
    });
    this.socket.write(`*${parts.length}\r\n${parts.join('')}`, 'latin1');
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  // From now on every command that the server executes is told, in MONITOR's form; nothing else can
  // be asked. The first of them may come together with the reply.
  async monitor(tell) {
    this.tell = tell;
    await this.ask('MONITOR');
  }

  close() { this.socket.destroy(); }

  read(part) {
    this.bytes = this.bytes.slice(this.at) + part;
    this.at = 0;
    for (;;) {
      const from = this.at;
      const reply = this.reply();
      if (reply === undefined) {
        this.at = from;
        return;
      }
      if (this.waiting.length === 0) this.tell(reply);
      else if (reply instanceof Error) this.waiting.shift().reject(reply);
      else this.waiting.shift().resolve(reply);
    }
  }

  // The next reply; nothing while it has not arrived whole.
  reply() {
    const end = this.bytes.indexOf('\r\n', this.at);
    if (end < 0) return undefined;
    const kind = this.bytes[this.at];
    const line = this.bytes.slice(this.at + 1, end);
    this.at = end + 2;
    if (kind === '+') return line;
    if (kind === '-') return new Error(line);
    if (kind === ':') return Number(line);
    const size = Number(line);
    if (size < 0) return null;
    if (kind === '$') {
      if (this.bytes.length < this.at + size + 2) return undefined;
      this.at += size + 2;
      return this.bytes.slice(end + 2, end + 2 + size);
    }
    const list = [];
    for (let i = 0; i < size; ++i) {
      const one = this.reply();
      if (one === undefined) return undefined;
      list.push(one);
    }
    return list;
  }
}

module.exports = { RedisLink, text };
