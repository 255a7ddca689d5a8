// MailServer: an OpenSMTPD of the test's own, from Debian's package, on a free port of this
// machine. It takes mail for example.com into a folder; mails() reads them, decoded. It must be
// started by root, and there can be only one on a machine at a time.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { eventually } = require('./sandbox.js');
const { freePort } = require('./port.js');

const nobody = 65534;
const program = '/usr/sbin/smtpd';

function decodeWords(text) {
  return text.replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (all, base64) => Buffer.from(base64, 'base64').toString());
}
function decodeQuoted(text) {
  const bytes = text.replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (all, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
function readHeaders(text) {
  const lines = text.replace(/\n[ \t]+/g, ' ').split('\n');
  return Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 2))];
  }));
}
// { raw, headers, body, parts }: what stands in a mail, as it came and as its reader sees it.
function readMail(bytes) {
  const text = bytes.toString('latin1').replace(/\r\n/g, '\n');
  const end = text.indexOf('\n\n');
  const headers = readHeaders(text.slice(0, end));
  const body = text.slice(end + 2);
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'])?.[1];
  if (!boundary) {
    const quoted = headers['content-transfer-encoding'] === 'quoted-printable';
    return { raw: text, headers, body: quoted ? decodeQuoted(body) : body, parts: [] };
  }
  const parts = body.split(`--${boundary}`).slice(1, -1).map((part) => readMail(part.slice(1)));
  return { raw: text, headers, body: '', parts };
}

class MailServer {
  static async start() {
    const server = new MailServer();
    server.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-mail-'));
    fs.chmodSync(server.folder, 0o711);
    server.box = path.join(server.folder, 'box');
    fs.mkdirSync(server.box);
    fs.chownSync(server.box, nobody, nobody);
    server.port = await freePort();
    const file = path.join(server.folder, 'smtpd.conf');
    fs.writeFileSync(file, `table everybody { "@" = "nobody" }
listen on 127.0.0.1 port ${server.port}
action "keep" maildir "${server.box}/%{rcpt}" virtual <everybody>
match from any for domain "example.com" action "keep"
`);
    server.child = spawn(program, ['-d', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    server.child.stderr.on('data', (part) => { server.log += part; });
    process.on('exit', server.kill);
    await eventually(() => /starting/.test(server.log) || server.ended(), { what: 'smtpd' });
    if (server.ended()) throw new Error(`smtpd ended: ${server.log}`);
    return server;
  }

  constructor() {
    this.log = '';
    this.kill = () => this.child.kill('SIGTERM');  // the others of its processes end with it
  }

  ended() { return this.child.exitCode !== null; }
  get url() { return `smtp://127.0.0.1:${this.port}`; }

  // Everything that was delivered to this address, oldest first.
  mails(address) {
    const folder = path.join(this.box, address, 'new');
    if (!fs.existsSync(folder)) return [];
    return fs.readdirSync(folder).sort().map((name) => (
      readMail(fs.readFileSync(path.join(folder, name)))));
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (!this.ended()) {
      this.kill();
      await ended;
    }
    process.removeListener('exit', this.kill);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

// Only who may not start it does without, and is told so; the program itself is never optional.
function mayStart() {
  if (!fs.existsSync(program)) throw new Error(`${program} is missing: ./dev deps`);
  return process.getuid() === 0;
}

module.exports = { MailServer, mayStart, readMail };
