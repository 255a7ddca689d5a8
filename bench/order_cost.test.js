// The cost of an order may become smaller, not larger. Nothing here is timed.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { costText, orderCost, readCost } = require('./order_cost.js');

const golden = path.join(__dirname, '..', 'test', 'data', 'order_cost.txt');
// Some numbers have a digit more on another day, and a beat of the process may come between.
const varies = /bytes|allocations/;
const varyingMost = 1.01;

// What is more than allowed, a sentence each.
function grown(seen, allowed) {
  return Object.entries(seen).flatMap(([name, count]) => {
    const most = Math.floor((allowed[name] ?? 0) * (varies.test(name) ? varyingMost : 1));
    return count > most ? [`${name}: ${count}, ${most} are allowed`] : [];
  });
}

test('an order costs no more than before', async (t) => {
  const seen = costText(await orderCost());
  const allowed = readCost(fs.readFileSync(golden, 'utf8'));
  const more = grown(readCost(seen), allowed);
  assert.ok(more.length === 0, `more than in test/data/order_cost.txt:\n${more.join('\n')}`);
  for (const better of grown(allowed, readCost(seen))) {
    t.diagnostic(`it became less: write it down with ./dev bench counts --write (${better})`);
  }
});

test('one command more is noticed, and a new one', () => {
  const before = readCost('[an order]\nbytes to Redis  1000\n  commit   5\n');
  assert.deepEqual(grown(readCost('[an order]\nbytes to Redis  1009\n  commit   4\n'), before), []);
  assert.deepEqual(grown(readCost('[an order]\n  commit   6\n  TIME 1\n'), before),
    ['[an order] commit: 6, 5 are allowed', '[an order] TIME: 1, 0 are allowed']);
  assert.deepEqual(grown(readCost('[an order]\nbytes to Redis 1011\n'), before),
    ['[an order] bytes to Redis: 1011, 1010 are allowed']);
});
