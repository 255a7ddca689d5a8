// RedisCommands: what clients send to a Redis, as MONITOR tells it: the name of each command (of a
// script the name that it has in its first line), its words, and its bytes on the wire. What a
// script does inside Redis is not counted, nor what the benchmark itself asks.
'use strict';
const crypto = require('node:crypto');
const { RedisLink } = require('./redis_link.js');

const escapes = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };
const unescaped = (text) => text.replace(/\\(x([0-9a-f]{2})|.)/g, (whole, one, hex) =>
  hex ? String.fromCharCode(parseInt(hex, 16)) : escapes[one] ?? one);

// As bytes of a request: *N, and for each word its length.
const wireBytes = (words) => `*${words.length}\r\n`.length + words.reduce((sum, word) =>
  sum + `$${word.length}\r\n`.length + word.length + 2, 0);

class RedisCommands {
  // own: the benchmark's connection, whose commands are left out.
  static async watch(port, own) {
    const commands = new RedisCommands(own);
    commands.link = await RedisLink.open(port);
    await commands.link.monitor((line) => commands.note(line));
    return commands;
  }

  constructor(own) {
    this.own = own;
    this.ignored = `127.0.0.1:${own.socket.localPort}`;
    this.marks = new Map();
    this.seen = [];  // { name, words, bytes }
    this.scripts = new Map();  // by SHA-1
  }

  // Forgets all scripts, so that each is sent whole once more and its name is seen.
  forgetScripts() { return this.own.ask('SCRIPT', 'FLUSH'); }

  // Until everything that Redis has executed so far is in `seen`.
  async caughtUp() {
    const mark = crypto.randomUUID();
    const told = new Promise((resolve) => { this.marks.set(mark, resolve); });
    await this.own.ask('ECHO', mark);
    await told;
  }

  note(line) {
    const [, source, rest] = /^[\d.]+ \[\d+ ([^\]]+)\] ([^]*)$/.exec(line);
    this.marks.get(/^"ECHO" "(.*)"$/.exec(rest)?.[1])?.();
    if (source === 'lua' || source === this.ignored) return;
    const words = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) => unescaped(word));
    this.seen.push({ name: this.nameOf(words), words, bytes: wireBytes(words) });
  }

  nameOf([command, script]) {
    const name = command.toUpperCase();
    if (name === 'EVAL') {
      const title = (/^(?:#!lua[^\n]*\n)?-- (\w+):/.exec(script) ?? [null, 'EVAL'])[1];
      this.scripts.set(crypto.createHash('sha1').update(script, 'latin1').digest('hex'), title);
      return title;
    }
    return name === 'EVALSHA' ? this.scripts.get(script) ?? name : name;
  }

  stop() { this.link.close(); }
}

module.exports = { RedisCommands };
