// What the tests of the sandbox's Stripe side share: the official client pointed at a sandbox, an
// order to place, Stripe's fixtures, and assertions on refusals and on the members of objects.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const Stripe = require('stripe');

const testKey = 'sk_test_black_box_1234';

function fixture(name) {
  const file = path.join(__dirname, '..', '..', 'data', 'stripe', name + '.json');
  return JSON.parse(fs.readFileSync(file));
}

function client(sandbox, key = testKey) {
  const { hostname, port } = new URL(sandbox.url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
}

const order = (more = {}) => ({
  mode: 'payment',
  line_items: [{ price: 'price_single', quantity: 2 }],
  success_url: 'https://shop.example/done/{CHECKOUT_SESSION_ID}',
  cancel_url: 'https://shop.example/',
  metadata: { tool: 'veo3-generator', video_count: '2' },
  ...more,
});

// Names of all members, deep; arrays by their first element. What Stripe adds by kind of payment
// method or price is left out by the caller.
function members(value, prefix = '') {
  if (Array.isArray(value)) return value.length ? members(value[0], prefix + '[]') : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) =>
    [`${prefix}.${name}`, ...members(member, `${prefix}.${name}`)]);
}
function assertSameMembers(actual, expected, ignore = /^\.(metadata|payment_method_options)\./) {
  const kept = (value) => members(value).filter((name) => !ignore.test(name)).sort();
  assert.deepEqual(kept(actual), kept(expected));
}

async function refused(promise, expected) {
  const error = await promise.then(() => assert.fail('not refused'), (failure) => failure);
  for (const [name, value] of Object.entries(expected)) {
    if (value instanceof RegExp) assert.match(error[name], value);
    else assert.deepEqual(error[name], value, `${name} of: ${error.message}`);
  }
  return error;
}

module.exports = { assertSameMembers, client, fixture, order, refused, testKey };
