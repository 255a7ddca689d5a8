// Options: what ./dev bench can be told.
'use strict';
const { parseArgs } = require('node:util');

const usage = `./dev bench [status] [orders] [process] [micro] [counts] [--quick] [--keep] [--write]
  status: GET of a status by claimcheck and its peers; orders: from the checkout to the written
  status; process: how soon it is ready, what it needs when idle, how soon an event is
  acknowledged; micro: functions alone; counts: what an order costs in numbers that are not timed.
  Without a name: all of them, which takes 4 GB of memory for a while.
  --quick  short rounds, no plots, under three minutes
  --keep   writes these parts to bench/RESULTS.md, and their plots to docs/images
  --write  with counts alone: writes test/data/order_cost.txt`;

const parts = ['status', 'orders', 'process', 'micro', 'counts'];
// Many short rounds: what disturbs one of them does not reach the medians.
const full = {
  status: { sessions: 10000, rounds: 9, seconds: 4, connections: 64 },
  sizes: { sizes: [100, 1000, 10000, 100000], rounds: 5, seconds: 2, connections: 64 },
  loads: { sessions: 10000, loads: [1, 8, 64, 512], rounds: 5, seconds: 2 },
  statusStored: { stored: [1000, 10000, 100000, 1000000], rounds: 3, seconds: 2, connections: 64 },
  orders: { orders: 500, rounds: 5 },
  prompts: { sizes: [100, 1000, 10000, 100000, 1000000], orders: 100, rounds: 3 },
  ordersStored: { stored: [1000, 30000, 1000000], orders: 200, rounds: 2 },
  process: {
    idleSeconds: 20, webhooks: { orders: 500, perSecond: 2000, seconds: 5 }, submits: 200 },
  backlog: { orders: 100000 },
};
const quick = {
  status: { sessions: 2000, rounds: 1, seconds: 2, connections: 64 },
  orders: { orders: 100, rounds: 1 },
  process: {
    idleSeconds: 2, webhooks: { orders: 100, perSecond: 500, seconds: 2 }, submits: 20 },
  backlog: { orders: 1000 },
};

function readOptions() {
  const flag = { type: 'boolean', default: false };
  const { values, positionals } = parseArgs({
    options: { quick: flag, keep: flag, write: flag }, allowPositionals: true });
  const unknown = positionals.find((name) => !parts.includes(name));
  if (unknown) throw new Error(`there is no part ${unknown}`);
  if (values.quick && values.keep) throw new Error('--keep needs the long rounds');
  const chosen = positionals.length > 0 ? positionals : parts;
  if (values.write && chosen.join() !== 'counts') throw new Error('--write is for counts alone');
  return { ...values, chosen, ...(values.quick ? quick : full) };
}

module.exports = { parts, readOptions, usage };
