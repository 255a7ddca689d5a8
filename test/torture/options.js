// Options: what ./dev torture can be told.
'use strict';
const { parseArgs } = require('node:util');

const usage = `./dev torture [--orders N] [--faults M] [--seed S] [--durability WORD]
                      [--outage M] [--generators] [--sentinels] [--keep]
  orders 1 to 20000 [60], faults 0 to 10000 [30], seed [1]
  durability as CLAIMCHECK_DURABILITY: memory or replicas:1 [memory: what Redis has acknowledged
  is lost in failovers with loss; with replicas:1 only what nobody was told is]
  outage: instead of faults, so many minutes without a generator, up to 1440 [0]: nothing may be
  refunded, held or made twice, and all is delivered within five minutes after its return
  generators: the tool names two, SuperDuperAI and fal; what one does not make the other may
  sentinels: three of them choose the primary, and the services ask them for it
  keep: logs, books and Redis' files also when all is well`;

function number(values, name, least, most) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} takes a whole number from ${least} to ${most}`);
}

function readOptions() {
  const text = (otherwise) => ({ type: 'string', default: otherwise });
  const { values } = parseArgs({
    options: {
      orders: text('60'), faults: text('30'), seed: text('1'), durability: text('memory'),
      outage: text('0'), generators: { type: 'boolean', default: false },
      sentinels: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  if (!/^(memory|replicas:1)$/.test(values.durability)) {
    throw new Error('--durability takes memory or replicas:1');
  }
  const outage = number(values, 'outage', 0, 1440);
  return {
    ...values, orders: number(values, 'orders', 1, 20000), outage,
    faults: outage > 0 ? 0 : number(values, 'faults', 0, 10000),
    seed: number(values, 'seed', 0, 2 ** 32),
  };
}

module.exports = { readOptions, usage };
