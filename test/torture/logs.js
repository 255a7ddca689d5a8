// Logs: what the services wrote in all of their lives: only JSON lines, no secret, no prompt; and
// how often each way out of trouble was taken, which shows that faults reached what they were for.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { privateWord, secrets } = require('../blackbox/support/claimcheck.js');

const kept = [privateWord, ...Object.values(secrets)];
const ways = {
  'found at the generator by its seed': (line) => line.why === 'found at the generator by its seed',
  'second submit, nothing was found': (line) =>
    line.why === 'the generator knows nothing of the submit',
  'repeated, though it may be accepted': (line) => line.event === 'possible_double',
  'made by the next generator': (line) => /; \w+ makes it$/.test(line.why ?? ''),
  'another worker was faster': (line) => line.event === 'commit_refused',
  'commit failed': (line) => line.event === 'commit_failed',
  'webhook answered 503': (line) => line.event === 'webhook_not_kept',
  'payment found without a webhook': (line) => line.event === 'order_found',
  'lost order taken up again': (line) => line.event === 'order_adopted',
  'outcome read from the register': (line) => /the register says/.test(line.why ?? ''),
  'outcome could not be registered': (line) => line.event === 'outcome_not_registered',
  'refund could not be made at first': (line) => line.event === 'refund_not_made',
  'checkout could not be kept': (line) => line.event === 'checkout_not_stored',
  'start refused': (line) => line.event === 'start_failed',
};

// { findings, taken: { way: how often } }
function readLogs(files) {
  const findings = [];
  const taken = Object.fromEntries(Object.keys(ways).map((way) => [way, 0]));
  for (const file of files) {
    const text = fs.readFileSync(file, 'utf8');
    const name = path.basename(file);
    for (const word of kept) {
      if (text.includes(word)) findings.push(`${name} holds ${word}`);
    }
    const lines = text.split('\n');
    lines.pop();  // empty, or cut off by kill -9
    for (const line of lines) readLine(line, name, taken, findings);
  }
  return { findings, taken };
}

function readLine(text, name, taken, findings) {
  let line;
  try {
    line = JSON.parse(text);
  } catch {
    findings.push(`${name} has a line that is no JSON: ${text.slice(0, 200)}`);
    return;
  }
  // A Redis that is away or a replica may be refused; ours is never one that cannot be understood.
  if (line.event === 'start_failed' && /unreadable|newer/.test(line.why)) {
    findings.push(`${name}: start refused: ${line.why}`);
  }
  for (const [way, is] of Object.entries(ways)) {
    if (is(line)) ++taken[way];
  }
}

module.exports = { readLogs };
