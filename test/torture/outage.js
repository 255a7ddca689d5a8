// Outage: the generator is away, in every way in which one can be: its own errors, those of a
// gateway in front of it, connections that end. Whoever comes meanwhile waits; what was begun
// before is not given up. Afterwards all is delivered soon, nothing was paid back or made twice.
'use strict';
const { pause } = require('./time.js');

const backWithinMs = 5 * 60000;
const everything = '* /api/v1/file*';
const away = [
  { match: everything, probability: 0.25, action: { status: 500 } },
  { match: everything, probability: 0.33, action: { status: 503 } },
  { match: everything, probability: 0.5, action: { status: 502, html: true } },
  { match: everything, times: 0, action: { drop: true } },
];

// Begins when a quarter of the orders has come, so that some are over and some under way; ends when
// the generator is back: how often it was away for whoever asked.
async function outage({ peers }, minutes, comingMs) {
  await pause(comingMs / 4);
  return peers.during(minutes * 60000, ...away);
}

// What must be so after it.
function outageFindings({ refunded, held, extra }, times, overMs) {
  const findings = times > 0 ? [] : ['nobody has noticed the outage'];
  if (refunded > 0) findings.push(`${refunded} units were refunded because of the outage`);
  if (held.size > 0) findings.push('units were held because of the outage');
  if (extra > 0) findings.push(`${extra} units were made twice because of the outage`);
  if (overMs > backWithinMs) {
    findings.push(`all was over only ${Math.round(overMs / 1000)} s after the generator's return`);
  }
  return findings;
}

module.exports = { outage, outageFindings };
