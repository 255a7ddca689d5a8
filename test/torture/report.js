// Report: the table at the end of a run, one line for each number.
'use strict';
const { clockText } = require('./time.js');

// 2 % of little is nothing: what a small run may have at least, and for each failover that took
// back intents to generate which had been carried out.
const extraFree = 3;
const extraFreePerLoss = 5;
const extraShareMax = 0.02;

const row = (name, number, note = '') => `${name.padEnd(44)}${String(number).padStart(8)}  ${note}`;
const sum = (counts) => [...counts].reduce((all, one) => all + one, 0);

// A generator that cannot be asked about a lost submit may get it twice: the shop allows so many.
function extraAllowed(units, pair, { durability }, taken) {
  const doubles = taken['repeated, though it may be accepted'];
  const losses = durability === 'memory' ? pair.failoversWithLoss : 0;
  return doubles
    + Math.floor(Math.max(units * extraShareMax, extraFree + losses * extraFreePerLoss));
}

function rows({ options, verdict, injector, buyers, pair, taken, wallMs, quietMs }) {
  const struck = [...injector.struck].filter(([, times]) => times > 0);
  const share = ((100 * verdict.extra) / Math.max(verdict.units, 1)).toFixed(2);
  const loss = `${(pair.bytesLost / 1024).toFixed(0)} KiB`;
  return [
    row('orders', verdict.orders,
      `paid; ${buyers.begunAnew} checkouts begun anew, ${buyers.gaveUp} buyers gave up`),
    ...[...buyers.refusals].map(([said, times]) => row(`  checkout tried again: ${said}`, times)),
    row('paid units', verdict.units),
    row('delivered', verdict.delivered),
    row('refunded', verdict.refunded),
    row('held', sum(verdict.held.values())),
    ...[...verdict.held].map(([reason, units]) => row(`  ${reason}`, units)),
    row('delivered and refunded', verdict.both, 'must be 0'),
    row('refunded twice', verdict.refundedTwice, 'must be 0'),
    row('missing', verdict.missing, 'must be 0'),
    row('generations that failed', verdict.failed),
    row('extra generations', verdict.extra,
      `${share} % of the units; ${extraAllowed(verdict.units, pair, options, taken)} are allowed`),
    row('faults', injector.count,
      `of ${struck.length} kinds; ${injector.missed} more struck nothing`),
    ...struck.map(([kind, times]) => row(`  ${kind}`, times)),
    ...(pair.sentinels ? [row('failovers by Sentinels', pair.failovers)] : []),
    row('written and lost in failovers', loss, `in ${pair.failoversWithLoss} failovers`),
    'ways out that were taken',
    ...Object.entries(taken).map(([way, times]) => row(`  ${way}`, times)),
    row('wall time', clockText(wallMs), `of which ${clockText(quietMs)} waiting for quiet`),
  ];
}

module.exports = { extraAllowed, rows };
