// Options: what ./dev soak can be told.
'use strict';
const { parseArgs } = require('node:util');

const usage = `./dev soak [--orders N] [--processes N] [--prompt BYTES]
  orders 1000 to 100000 [20000], processes 1 to 8 [3], prompt 1 to 100000 [100]`;

function readOptions() {
  const text = (otherwise) => ({ type: 'string', default: otherwise });
  const { values } = parseArgs({
    options: { orders: text('20000'), processes: text('3'), prompt: text('100') } });
  const number = (name, least, most) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Error(`--${name} takes a whole number from ${least} to ${most}`);
  };
  return {
    orders: number('orders', 1000, 100000), processes: number('processes', 1, 8),
    prompt: number('prompt', 1, 100000),
  };
}

module.exports = { readOptions, usage };
