// What the operator's page makes of the server's words and numbers, without a browser.
'use strict';
const assert = require('node:assert/strict');
const path = require('node:path');
const { before, describe, test } = require('node:test');

const web = (name) => import(path.join(__dirname, '..', '..', 'web', 'operator', name));

describe('the operator\'s page says', () => {
  let words;
  let dom;
  let charts;
  before(async () => {
    words = await web('ops-words.js');
    dom = await web('ops-dom.js');
    ({ charts } = await web('ops-charts.js'));
  });

  test('sentences, from the capital to the stop', () => {
    assert.equal(words.sentence('this is not the token'), 'This is not the token.');
    assert.equal(words.sentence('video 1 is delivered; no'), 'Video 1 is delivered; no.');
    // Whatever a peer calls a unit stays what it said.
    assert.equal(words.sentence('no unit 3 in the answer'), 'No unit 3 in the answer.');
    assert.equal(words.sentence('Is it so?'), 'Is it so?');
  });

  test('spans with their seconds, as long as those matter', () => {
    const said = [89, 95, 120, 149, 599.4, 600, 3600].map(dom.span);
    assert.deepEqual(said,
      ['89 s', '1 min 35 s', '2 min', '2 min 29 s', '9 min 59 s', '10 min', '60 min']);
  });

  test('rare is not never', () => {
    assert.deepEqual([0, 9 / 43200, 0.07, 1.234, 3053].map(dom.number),
      ['0', '0.00021', '0.07', '1.23', '3,053']);
  });

  test('a rate by the time that has passed, also of the bucket that is not over', () => {
    const [started] = charts[0].lines;
    const stats = (now) => ({ series: { created: [6, 6, 3] }, step_s: 60, from: 600, now });
    assert.deepEqual(started.of(stats(750)), [6, 6, 6]);
    assert.equal(started.over(stats(750)), 15);  // a count: nobody thinks in orders per minute
    assert.deepEqual(started.of(stats(721)), [6, 6, null]);
    assert.deepEqual(started.of(stats(790)), [6, 6, 3]);
  });

  test('in which mode an order was paid, and where Stripe has it', () => {
    assert.equal(words.modeOf('cs_live_a'), 'live');
    assert.equal(words.modeOf('cs_test_a'), 'test');
    assert.equal(words.stripeSearch('cs_live_a'),
      'https://dashboard.stripe.com/search?query=cs_live_a');
    assert.equal(words.stripeSearch('cs_test_a'),
      'https://dashboard.stripe.com/test/search?query=cs_test_a');
  });
});
