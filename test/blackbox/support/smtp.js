// SmtpSink: a mail server of the test's own that takes every mail and keeps it. For tests that run
// beside others; mail.js is a real mail server, of which there can be one.
'use strict';
const net = require('node:net');
const { readMail } = require('./mail.js');

class SmtpSink {
  static async open() {
    const sink = new SmtpSink();
    await new Promise((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  constructor() {
    this.received = [];  // { to, raw, headers, parts }, oldest first
    this.sockets = new Set();
    this.server = net.createServer((socket) => this.talk(socket));
  }

  get url() { return `smtp://127.0.0.1:${this.server.address().port}`; }
  subjects() { return this.received.map(({ headers }) => headers.subject); }

  talk(socket) {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {});
    const state = { text: '', to: [], inMail: false };
    socket.write('220 here\r\n');
    socket.on('data', (part) => {
      state.text += part.toString('latin1');
      while (this.step(socket, state));
    });
  }

  // One command, or the mail itself; false = it is not there in full.
  step(socket, state) {
    const mark = state.inMail ? '\r\n.\r\n' : '\r\n';
    const end = state.text.indexOf(mark);
    if (end < 0) return false;
    const said = state.text.slice(0, end);
    state.text = state.text.slice(end + mark.length);
    if (state.inMail) {
      this.received.push({ to: state.to, ...readMail(Buffer.from(said, 'latin1')) });
      Object.assign(state, { to: [], inMail: false });
    } else if (said === 'DATA') {
      state.inMail = true;
      return socket.write('354 go on\r\n') || true;
    } else if (said.startsWith('RCPT TO:')) {
      state.to.push(said.slice('RCPT TO:<'.length, said.lastIndexOf('>')));
    }
    socket.write('250 well\r\n');
    return true;
  }

  stop() {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

module.exports = { SmtpSink };
