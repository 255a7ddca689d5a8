// EventStream: one follower of an order's events, over the network, as a browser's EventSource
// reads them. Keeps all it saw; first() and when() wait, ended resolves with the connection.
'use strict';
const assert = require('node:assert/strict');
const { eventually } = require('./sandbox.js');

class EventStream {
  static async open(base, sessionId, headers = {}) {
    const stream = new EventStream();
    const response = await fetch(`${base}/api/webhook-status/${sessionId}/events`,
      { headers, signal: stream.hangUp.signal });
    assert.equal(response.status, 200);
    stream.headers = response.headers;
    stream.ended = stream.read(response.body).catch(() => null);
    return stream;
  }

  constructor() {
    this.hangUp = new AbortController();
    this.seen = [];  // { id, data }
    this.heartbeats = 0;
    this.over = false;
  }

  async read(body) {
    let text = '';
    try {
      for await (const part of body.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + part).split('\n\n');
        text = blocks.pop();
        blocks.forEach((block) => this.take(block));
      }
    } finally {
      this.over = true;
    }
  }

  take(block) {
    const event = {};
    for (const line of block.split('\n')) {
      const [, name, value] = line.match(/^([^:]*):? ?(.*)$/);
      event[name] = value;
    }
    if ('' in event) this.heartbeats += 1;
    if (event.retry) this.retry = Number(event.retry);
    if (!event.data) return;
    this.seen.push({ id: event.id, data: JSON.parse(event.data) });
    if (this.waiting?.fits(this.seen.at(-1))) this.waiting.resolve(this.seen.at(-1));
  }

  // The first event that fits, seen or to come.
  when(fits) {
    return eventually(() => {
      const found = this.seen.find(fits);
      assert.ok(found || !this.over, 'the stream ended without that event');
      return found;
    }, { what: 'an event' });
  }
  // The first one to come that fits, at once when it comes.
  next(fits) {
    return new Promise((resolve) => { this.waiting = { fits, resolve }; });
  }
  first() { return this.when(() => true); }

  async close() {
    this.hangUp.abort();
    await this.ended;
  }
}

module.exports = { EventStream };
