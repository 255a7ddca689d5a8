// Starts a claimcheck-sandbox of its own for a test and talks to its control routes.
// Binary: $SANDBOX_BIN, else build/dev/claimcheck-sandbox. Every sandbox takes a free port and is
// stopped by its process id.
'use strict';
const { spawn } = require('node:child_process');
const http = require('node:http');
const path = require('node:path');

const binary = process.env.SANDBOX_BIN ||
  path.join(__dirname, '..', '..', '..', 'build', 'dev', 'claimcheck-sandbox');
const stopPatienceMs = 5000;

// Resolves with the first line that the child prints; rejects when it ends before.
function firstLine(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (part) => {
      text += part;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`${binary} ended (${code ?? signal}) before it was ready`));
    });
  });
}

class Sandbox {
  // Options are command-line arguments: Sandbox.start(['--generate-ms', '50']).
  static async start(args = []) {
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ready = JSON.parse(await firstLine(child));
    return new Sandbox(child, ready);
  }

  constructor(child, ready) {
    this.child = child;
    this.url = ready.url;
    this.webhookSecret = ready.webhook_secret;
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    const patience = setTimeout(() => this.child.kill('SIGKILL'), stopPatienceMs);
    this.child.kill('SIGTERM');
    await ended;
    clearTimeout(patience);
  }

  // A JSON call to any route; throws on a non-2xx answer.
  async call(method, route, body) {
    const response = await fetch(this.url + route, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  // Everything that happened, or only the named parts: ledger('generations', 'deliveries').
  ledger(...parts) {
    return this.call('GET', '/sandbox/ledger' + (parts.length ? `?only=${parts.join(',')}` : ''));
  }
  // action: pay | decline | later | later_fail | cancel; more: a promotion code that the buyer
  // types first (`code`), another currency that they pay in (`presentment_currency`).
  pay(session, action = 'pay', more = {}) {
    return this.call('POST', `/sandbox/sessions/${session}/pay`, { action, ...more });
  }
  // Overrides members of a session, as if Stripe said something else: { amount_total: 1 }.
  changeSession(session, members) {
    return this.call('POST', `/sandbox/sessions/${session}`, members);
  }
  dispute(session) { return this.call('POST', `/sandbox/sessions/${session}/dispute`, {}); }
  // status: succeeded | failed, which a refund can also become after it had succeeded.
  endRefund(refund, status) { return this.call('POST', `/sandbox/refunds/${refund}`, { status }); }
  faults(...rules) { return this.call('POST', '/sandbox/faults', rules); }
  clearFaults() { return this.call('DELETE', '/sandbox/faults'); }
  webhook(url, secret) { return this.call('POST', '/sandbox/webhook', { url, secret }); }
  pauseWebhooks() { return this.call('POST', '/sandbox/webhook/pause', {}); }
  resumeWebhooks() { return this.call('POST', '/sandbox/webhook/resume', {}); }
  resend(event, copies = 1) {
    return this.call('POST', `/sandbox/events/${event}/resend`, { copies });
  }
  emit(type, object) { return this.call('POST', '/sandbox/events', { type, object }); }
  advance(seconds) { return this.call('POST', '/sandbox/clock', { advance_s: seconds }); }
  // state: completed | error
  finishGeneration(id, state) {
    return this.call('POST', `/sandbox/generations/${id}`, { state });
  }
  shopApi(api) { return this.call('POST', '/sandbox/shop', { api }); }
}

// Asks again and again until `probe` answers something truthy, and returns that. The patience is
// for a sanitized build on a busy machine.
async function eventually(probe, { withinMs = 30000, everyMs = 25, what = 'condition' } = {}) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await probe();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

// A little HTTP endpoint that records what it is sent: { url, received, stop }.
// `answer(seen, count)` gives the status of each answer, or a promise of it; seen.hangUp() none.
async function startEndpoint(answer = () => 200) {
  const received = [];
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const seen = {
      headers: request.headers, body: Buffer.concat(parts), at: Date.now(),
      hangUp: () => { request.socket.destroy(); },
    };
    received.push(seen);
    response.writeHead(await answer(seen, received.length)).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();  // a test that fails early must not hang on it
  return {
    url: `http://127.0.0.1:${server.address().port}/webhook`,
    received,
    stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}

module.exports = { Sandbox, eventually, startEndpoint };
