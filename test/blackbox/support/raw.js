// Sockets for peers that do not speak proper HTTP: bytes out, bytes in, and crowds of sockets that
// say little or nothing.
'use strict';
const { execFileSync, fork } = require('node:child_process');
const { once } = require('node:events');
const net = require('node:net');
const path = require('node:path');

const patienceMs = 60000;
const openFilesMax = Number(
  execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).replace('unlimited', '1e9'));

// Sends the bytes and resolves with everything that comes back until the server ends the
// connection: { text, ended }; ended is false when it did not within the patience.
function exchange(base, bytes, { withinMs = patienceMs } = {}) {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('latin1').setTimeout(withinMs);
    socket.on('data', (part) => { text += part; });
    socket.on('timeout', () => { resolve({ text, ended: false }); socket.destroy(); });
    socket.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE'
      ? resolve({ text, ended: true }) : reject(error)));
    socket.on('close', () => resolve({ text, ended: true }));
    socket.write(bytes, 'latin1');
  });
}

// The answers in what came back: [{ status, headers, body }], by their lengths.
function answers(text) {
  const found = [];
  let rest = text;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) throw new Error(`no whole answer: ${JSON.stringify(rest)}`);
    const [first, ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)[1]);
    const headers = Object.fromEntries(lines.map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }));
    const length = Number(headers['content-length'] || 0);
    found.push({ status, headers, body: rest.slice(end + 4, end + 4 + length) });
    rest = rest.slice(end + 4 + length);
  }
  return found;
}

// Many sockets to one server, in processes of their own. Each says `bytes` and then nothing.
class Crowd {
  // Resolves when all stand.
  static async open(base, bytes, { sockets, processes = 4 }) {
    const crowd = new Crowd();
    const share = Math.ceil(sockets / processes);
    for (let left = sockets; left > 0; left -= share) {
      const child = fork(path.join(__dirname, 'crowd.js'));
      crowd.children.push(child);
      child.send({ base, bytes, sockets: Math.min(share, left) });
    }
    const told = await Promise.all(crowd.children.map((child) => once(child, 'message')));
    crowd.opened = told.reduce((sum, [message]) => sum + message.opened, 0);
    return crowd;
  }

  constructor() {
    this.children = [];
    this.kill = () => { for (const child of this.children) child.kill('SIGKILL'); };
    process.on('exit', this.kill);
  }

  // How many the server has not ended by now.
  async standing() {
    const told = this.children.map((child) => once(child, 'message'));
    for (const child of this.children) child.send('standing');
    return (await Promise.all(told)).reduce((sum, [message]) => sum + message.standing, 0);
  }

  async close() {
    const ended = this.children.map((child) => once(child, 'exit'));
    this.kill();
    process.removeListener('exit', this.kill);
    await Promise.all(ended);
  }
}

module.exports = { Crowd, answers, exchange, openFilesMax };
