// Options: what ./dev soak can be told.
'use strict';
const { parseArgs } = require('node:util');

const usage = `./dev soak [--orders N] [--per-second N] [--processes N] [--prompt BYTES] [--keep]
  orders 1000 to 100000 [20000], per second 1 to 1000 [1000], processes 1 to 8 [3],
  prompt 1 to 100000 [100]
  --keep  writes the plot to docs/images/soak_memory.svg`;

function readOptions() {
  const text = (otherwise) => ({ type: 'string', default: otherwise });
  const { values } = parseArgs({
    options: {
      orders: text('20000'), 'per-second': text('1000'), processes: text('3'),
      prompt: text('100'), keep: { type: 'boolean', default: false },
    } });
  const number = (name, least, most) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Error(`--${name} takes a whole number from ${least} to ${most}`);
  };
  return {
    orders: number('orders', 1000, 100000), perSecond: number('per-second', 1, 1000),
    processes: number('processes', 1, 8), prompt: number('prompt', 1, 100000), keep: values.keep,
  };
}

module.exports = { readOptions, usage };
