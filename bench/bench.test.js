// A short run of ./dev bench: every peer that is installed answers what is in Redis, orders are
// done, and the tables are printed. Nothing that is timed is judged.
'use strict';
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const path = require('node:path');
const { test } = require('node:test');
const { promisify } = require('node:util');
const { plot } = require('./plot.js');
const { inRounds } = require('./rounds.js');

const execute = promisify(execFile);

test('a short run measures everybody', async (t) => {
  const { stdout } = await execute(process.execPath,
    [path.join(__dirname, 'main.js'), 'status', 'orders', 'process', '--quick']);
  t.diagnostic(stdout);
  const rows = stdout.split('\n').filter((line) => /^claimcheck +\d/.test(line));
  assert.equal(rows.length, 2, stdout);
  assert.match(stdout, /^ready after, ms +\d/m);
  assert.match(stdout, /^epoll \+ Redis +\d/m);
});

test('ratios are of the same round', async () => {
  const costs = { claimcheck: [1, 2, 4], other: [3, 8, 8] };
  const rows = await inRounds(3, [{ name: 'other' }, { name: 'claimcheck' }], 'cost',
    ({ name }, round) => ({ cost: costs[name][round] }));
  assert.deepEqual(rows, [
    { name: 'other', cost: 8, least: 3, ratio: 3 },
    { name: 'claimcheck', cost: 2, least: 1, ratio: 1 }]);
});

test('a plot has a line for each name, and what is special in XML is escaped', () => {
  const lines = [
    { name: 'one & two', points: [[1, 10], [100, 20]] },
    { name: 'three', points: [[1, 5], [9, 7]] },
  ];
  const svg = plot({ title: 'a < b', xTitle: 'x', yTitle: 'y', lines });
  assert.equal(svg.match(/<polyline/g).length, 2);
  assert.match(svg, />one &amp; two</);
  assert.match(svg, /<title>a &lt; b</);
});
