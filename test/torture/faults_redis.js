// Faults of Redis: away, slow, full, busy, forgetful, handed over. One at a time, since each is a
// state of the one pair. Each resolves, when it is over, with how often it struck.
'use strict';
const { eventually } = require('../blackbox/support/sandbox.js');
const { pause } = require('./time.js');

const hour = 3600;

function ofRedis(name, weight, run) {
  return {
    name, weight, locks: ['redis'],
    run: async (environment, chance) => {
      const struck = await run(environment, chance);
      await environment.pair.settled();
      return struck;
    },
  };
}

// A setting of the primary for a while. What cannot be set back is a fault of the rig.
async function configured({ primary }, name, value, usual, ms) {
  await primary.ask('CONFIG', 'SET', name, value);
  await pause(ms);
  await eventually(() => primary.ask('CONFIG', 'SET', name, usual).then((reply) => reply === 'OK'),
    { what: `${name} as before` });
  return 1;
}

// A member of the work index is lost, of an order that waits for something.
async function loseMember({ primary }, chance) {
  const index = 'claimcheck:{p00}:due';
  const soon = String((Date.now() + 10 * 60000) * 1000);
  const members = (await primary.ask('ZRANGEBYSCORE', index, '-inf', soon)).split('\n');
  return Number(await primary.ask('ZREM', index, chance.pick(members)));
}

// A script of somebody else that does not end; nobody else is served meanwhile.
async function busy({ primary }, ms) {
  await primary.ask('CONFIG', 'SET', 'busy-reply-threshold', '200');
  const endless = primary.ask('EVAL', 'while true do end', '0').catch(() => null);
  await pause(ms);
  // A Sentinel may have ended it before.
  await eventually(() => primary.ask('SCRIPT', 'KILL').then((reply) => /OK|NOTBUSY/.test(reply)),
    { what: 'the busy script to end' });
  await endless;
  return 1;
}

// In a short run nobody orders meanwhile: an order that Redis has lost with its prompt is paid back
// only after a quarter of an hour.
async function failOverWithLoss(environment, chance) {
  if (!environment.isLong) {
    environment.entrance.shut();
    await eventually(() => environment.checkouts === 0, { what: 'checkouts to end' });
  }
  try {
    await environment.pair.failOverWithLoss(chance.between(200, 1000));
  } finally {
    environment.entrance.open();
  }
  return 1;
}

const once = async (promise) => { await promise; return 1; };

module.exports = [
  ofRedis('Redis killed (-9) and restarted', 2, ({ pair }, chance) =>
    once(pair.restarted(chance.between(0, 4000)))),
  ofRedis('Redis frozen (SIGSTOP)', 1, ({ pair }, chance) =>
    once(pair.frozen(chance.between(500, 7000)))),
  ofRedis('Redis paused (CLIENT PAUSE)', 1, ({ pair }, chance) => {
    const ms = chance.between(500, 6000);
    return once(pair.primary.ask('CLIENT', 'PAUSE', String(ms), chance.pick(['ALL', 'WRITE']))
      .then(() => pause(ms)));
  }),
  ofRedis('Redis asleep (DEBUG SLEEP)', 1, ({ pair }, chance) =>
    once(pair.primary.ask('DEBUG', 'SLEEP', String(chance.between(5, 40) / 10)))),
  ofRedis('Redis full (OOM)', 1, ({ pair }, chance) =>
    configured(pair, 'maxmemory', '1mb', '0', chance.between(500, 6000))),
  ofRedis('Redis without its replicas (NOREPLICAS)', 1, ({ pair }, chance) =>
    configured(pair, 'min-replicas-to-write', '2', '0', chance.between(500, 4000))),
  ofRedis('Redis busy with a script', 1, ({ pair }, chance) =>
    busy(pair, chance.between(500, 4000))),
  ofRedis('Redis\' clock wrong by hours or days', 1, ({ pair }, chance) =>
    once(pair.clockAhead(chance.pick([hour, -hour, 48 * hour, -48 * hour]),
      chance.between(1000, 8000)))),
  ofRedis('scripts flushed', 1, ({ pair }) => once(pair.primary.ask('SCRIPT', 'FLUSH'))),
  ofRedis('clients disconnected (CLIENT KILL)', 2, async ({ pair }) =>
    Number(await pair.primary.ask('CLIENT', 'KILL', 'TYPE', 'normal'))),
  ofRedis('an order lost from the index (ZREM)', 2, ({ pair }, chance) => loseMember(pair, chance)),
  ofRedis('replica away', 1, ({ pair }, chance) =>
    once(pair.replicaAway(chance.between(500, 5000)))),
  ofRedis('failover, planned', 1, ({ pair }) => once(pair.handOver())),
  ofRedis('failover after a crash', 1, ({ pair }) => once(pair.failOver())),
  ofRedis('failover with loss', 1, failOverWithLoss),
];
