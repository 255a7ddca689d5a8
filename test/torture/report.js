// Report: the table at the end of a run, one line for each number.
'use strict';
const { clockText } = require('./time.js');

// Small runs may have this many extra generations: 2 % of little is nothing.
const extraFree = 3;
const extraShareMax = 0.02;

const row = (name, number, note = '') => `${name.padEnd(44)}${String(number).padStart(8)}  ${note}`;
const sum = (counts) => [...counts].reduce((all, one) => all + one, 0);

function mayBeExtra(units) { return Math.max(extraFree, units * extraShareMax); }

function rows({ verdict, nemesis, buyers, pair, taken, wallMs, quietMs }) {
  const struck = [...nemesis.struck].filter(([, times]) => times > 0);
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
    row('extra generations', verdict.extra,
      `${share} % of the units, must be below 2 % (${extraFree} are free)`),
    row('faults', nemesis.count,
      `of ${struck.length} kinds; ${nemesis.missed} more struck nothing`),
    ...struck.map(([kind, times]) => row(`  ${kind}`, times)),
    row('written and lost in failovers', loss, `in ${pair.failoversWithLoss} failovers`),
    'ways out that were taken',
    ...Object.entries(taken).map(([way, times]) => row(`  ${way}`, times)),
    row('wall time', clockText(wallMs), `of which ${clockText(quietMs)} waiting for quiet`),
  ];
}

module.exports = { mayBeExtra, rows };
