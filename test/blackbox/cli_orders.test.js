// The command line about many orders: a list as CSV, and one decision about all that a cause holds.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { Shop } = require('./support/shop.js');

const [found, usage, missing] = [0, 2, 3];
const submit = 'POST /api/v1/file/generate-video';
const cause = 'the generator reported an error';

describe('claimcheck session, about many orders', () => {
  let shop;
  let done;
  before(async () => {
    shop = await Shop.open({ settings: { CLAIMCHECK_REFUNDS: 'manual' } });
    done = await shop.paidOrder({ quantity: 2 });
    await shop.completed(done);
    await shop.sandbox.faults({ match: submit, times: 0, action: { task: 'error' } });
    for (const quantity of [1, 2]) await shop.paidOrder({ quantity });
    await eventually(async () => /^ +2 +\$3\.00 +the generator reported an error$/m
      .test((await session('held')).stdout));
    await shop.sandbox.clearFaults();
  });
  after(() => shop?.close());
  const session = (...args) => run(['session', ...args], shop.server.settings);

  test('list --csv: the orders of a filter, for a spreadsheet', async () => {
    const { code, stdout, stderr } = await session('list', '--csv', '--filter', 'delivered');
    assert.deepEqual([code, stderr], [found, '']);
    const lines = stdout.split('\r\n');
    assert.match(lines[0], /^created,paid,state,product,quantity,amount,refunded,currency,/);
    assert.match(lines[1], new RegExp(`,2,2\\.00,0\\.00,USD,2,2,.*,${done}$`));
    assert.deepEqual(lines.slice(2), ['']);
    const day = await session('list', '--csv', '--days', '1');
    assert.equal(day.stdout.split('\r\n').length, 5);
  });

  test('list --csv: what cannot be asked for is refused', async () => {
    for (const args of [['--csv', '--filter', 'odd'], ['--csv', '--filter', 'held', '--days', '2'],
      ['--csv', '--json'], ['--filter', 'held'], ['--csv', '--days', '0']]) {
      const { code, stdout } = await session('list', ...args);
      assert.deepEqual([code, stdout], [usage, ''], args.join(' '));
    }
  });

  test('held: a decision about all of one cause, each order told', async () => {
    for (const [args, expected] of [[['--action', 'odd', '--cause', cause], usage],
      [['--action', 'erase', '--cause', cause], usage], [['--action', 'retry'], usage],
      [['--action', 'resubmit', '--cause', 'another'], missing]]) {
      assert.equal((await session('held', ...args)).code, expected, args.join(' '));
    }
    const { code, stdout } = await session('held', '--action', 'resubmit', '--cause', cause,
      '--note', 'it is well again');
    assert.equal(code, found);
    assert.deepEqual(stdout.split('\n').map((line) => line.split('  ')[0]),
      ['done', 'done', 'one more generation is bought for it', '']);
    for (const [, id] of stdout.matchAll(/^done {2}(cs_test_\w+)$/mg)) await shop.completed(id);
    const { stdout: none, stderr } = await session('held');
    assert.deepEqual([none, stderr], ['', 'claimcheck: no order is held for a person\n']);
  });
});
