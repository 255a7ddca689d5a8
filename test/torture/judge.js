// Judge: what became of every paid unit, told from outside: the books of the pretended Stripe and
// generator, and whatever any buyer was shown at any time. Redis' own words count only where they
// say what waits for a person, and why.
'use strict';
const crypto = require('node:crypto');
const { run } = require('../blackbox/support/claimcheck.js');
const { fileOf, hasFailed, isMade, seedOf } = require('./generators.js');

const attemptsMax = 8;  // more than any unit may have
const videosOf = { price_single: 1, price_triple: 3 };

// Everything that was ever on a status page: the video of each unit, and the last answer.
class Shown {
  constructor() {
    this.videos = new Map();  // "<session>/<unit>" -> set of file ids
    this.last = new Map();
  }
  note(id, answer) {
    this.last.set(id, answer);
    for (const [unit, file] of (answer.files ?? []).entries()) {
      if (!file.url) continue;
      const key = `${id}/${unit}`;
      if (!this.videos.has(key)) this.videos.set(key, new Set());
      this.videos.get(key).add(file.fileId);
    }
  }
}

function unitsOf(session) {
  return session.line_items.reduce(
    (sum, item) => sum + item.quantity * videosOf[item.price.id], 0);
}
const isPaid = (session) => session.payment_status === 'paid';

// The fingerprint of one submit, as src/domain/order_machine.hpp defines it.
function submitSeed(id, unit, attempt) {
  const digest = crypto.createHash('sha256').update(`${id}/${unit}/${attempt}`).digest('hex');
  return parseInt(digest.slice(0, 8), 16) & 0x7fffffff;
}

// Generations by the unit they were made for.
function generationsByUnit(sessions, generations, findings) {
  const owners = new Map();
  for (const session of sessions) {
    for (let unit = 0; unit < unitsOf(session); ++unit) {
      for (let attempt = 1; attempt <= attemptsMax; ++attempt) {
        owners.set(submitSeed(session.id, unit, attempt), `${session.id}/${unit}`);
      }
    }
  }
  const made = new Map();
  for (const generation of generations) {
    const owner = owners.get(seedOf(generation));
    if (!owner) findings.push(`generation ${generation.id} is of no paid unit`);
    else made.set(owner, [...(made.get(owner) ?? []), generation]);
  }
  return made;
}

function refundsByUnit(sessions, refunds, findings) {
  const byUnit = new Map();
  const byPayment = new Map();
  for (const refund of refunds.filter((one) => one.status !== 'failed')) {
    const unit = refund.metadata.claimcheck;
    byUnit.set(unit, (byUnit.get(unit) ?? 0) + 1);
    const sum = (byPayment.get(refund.payment_intent) ?? 0) + refund.amount;
    byPayment.set(refund.payment_intent, sum);
  }
  for (const session of sessions) {
    const sum = byPayment.get(session.payment_intent) ?? 0;
    if (sum > session.amount_total) findings.push(`${session.id}: ${sum} refunded, more than paid`);
  }
  return byUnit;
}

// Why an order is held, by its claim.
async function heldReasons(id, redisUrl) {
  const { stdout } = await run(['session', 'show', id, '--json'], { REDIS_URL: redisUrl });
  const { claim } = JSON.parse(stdout);
  return (unit) => claim[`u${unit}.reason`] || claim.reason || 'no reason';
}

// The right video: one that was generated for this very unit and is done.
function judgeVideos(unit, files, made, findings) {
  for (const file of files) {
    const generation = (made ?? []).find((one) => fileOf(one) === file);
    if (generation && isMade(generation)) continue;
    findings.push(`${unit} shows ${file}, which is not its own`);
  }
}

// states: of each paid session's claim. Returns the numbers of the table and what must not be.
async function judge({ ledger, shown, states, redisUrl }) {
  const findings = [];
  const paid = ledger.sessions.filter(isPaid);
  const made = generationsByUnit(paid, ledger.generations, findings);
  const refunded = refundsByUnit(paid, ledger.refunds, findings);
  const verdict = {
    findings, orders: paid.length, units: 0, delivered: 0, refunded: 0, held: new Map(),
    both: 0, refundedTwice: 0, missing: 0, failed: 0, extra: 0, extraUnits: [],
  };
  for (const session of paid) {
    const reason = states.get(session.id) === 'held' && await heldReasons(session.id, redisUrl);
    for (let number = 0; number < unitsOf(session); ++number) {
      const unit = `${session.id}/${number}`;
      const files = shown.videos.get(unit);
      const refunds = refunded.get(unit) ?? 0;
      ++verdict.units;
      // One that failed may be followed by another one: that is sold.
      const generations = made.get(unit) ?? [];
      const failed = generations.filter(hasFailed).length;
      const extra = Math.max(0, generations.length - failed - 1);
      verdict.failed += failed;
      verdict.extra += extra;
      if (extra > 0) verdict.extraUnits.push(unit);
      if (files) judgeVideos(unit, files, made.get(unit), findings);
      if (files) ++verdict.delivered;
      if (refunds) ++verdict.refunded;
      if (files && refunds) { ++verdict.both; findings.push(`${unit} was shown and refunded`); }
      if (refunds > 1) {
        ++verdict.refundedTwice;
        findings.push(`${unit} was refunded ${refunds} times`);
      }
      if (files || refunds) continue;
      if (reason) {
        verdict.held.set(reason(number), (verdict.held.get(reason(number)) ?? 0) + 1);
      } else {
        ++verdict.missing;
        findings.push(`${unit} is missing: its order is ${states.get(session.id) || 'not known'}`);
      }
    }
    judgeWords(session, shown.last.get(session.id), refunded, findings);
    judgeRegister(session, ledger.charges, shown.videos, refunded, findings);
  }
  return verdict;
}

// What stands in the charge's metadata is what happened.
function judgeRegister(session, charges, videos, refunded, findings) {
  const charge = charges.find((one) => one.payment_intent === session.payment_intent && one.paid);
  for (let number = 0; number < unitsOf(session); ++number) {
    const unit = `${session.id}/${number}`;
    const word = charge.metadata[`claimcheck_u${number}`];
    if (videos.has(unit) && word !== 'deliver') findings.push(`${unit} shown, registered: ${word}`);
    if (refunded.has(unit) && word !== 'refund') {
      findings.push(`${unit} refunded, registered: ${word}`);
    }
  }
}

// What the buyer was told at last about money is what Stripe has done.
function judgeWords(session, answer, refunded, findings) {
  const told = answer?.refund?.status === 'refunded' ? answer.refund.amount : 0;
  const units = [...Array(unitsOf(session)).keys()];
  const count = units.filter((unit) => refunded.has(`${session.id}/${unit}`)).length;
  if (told > 0 && count === 0) findings.push(`${session.id}: told of a refund that is not there`);
  if (answer && count > 0 && told === 0) {
    findings.push(`${session.id}: ${count} units refunded, and the buyer does not see it`);
  }
}

module.exports = { Shown, isPaid, judge };
