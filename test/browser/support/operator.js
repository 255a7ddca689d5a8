// The operator's page for a test: opened and signed in, its requests counted.
'use strict';
const { after, before } = require('node:test');
const { secrets } = require('../../blackbox/support/claimcheck.js');
const { Shop } = require('../../blackbox/support/shop.js');
const { Browser, patience } = require('./browser.js');

// An empty shop and a browser for the tests of one describe: { shop, browser } when they run.
function openShop() {
  const own = {};
  before(async () => {
    own.shop = await Shop.open();
    own.browser = await Browser.open();
  });
  after(async () => {
    await own.browser?.close();
    await own.shop?.close();
  });
  return own;
}

// Signs in at that view and waits until `sign` is there.
async function signInAt(page, shop, hash, sign) {
  await page.goto(`${shop.server.url}/ops${hash}`);
  await page.fill('#token', secrets.CLAIMCHECK_ADMIN_TOKEN);
  await page.press('#token', 'Enter');
  await page.waitForSelector(sign, patience);
}

// Requests of the page from now on whose address has `part`: a list that grows.
function requestsOf(page, part) {
  const seen = [];
  page.on('request', (request) => { if (request.url().includes(part)) seen.push(request.url()); });
  return seen;
}

// Answers the page's requests to `pattern` one after the other: objects as JSON, numbers as failed
// with that status, functions whenever they resolve. What is asked beyond them is refused.
async function answers(page, pattern, ...list) {
  const asked = [];
  await page.route(pattern, async (route) => {
    asked.push(new URL(route.request().url()).searchParams.get('before') ?? '');
    const given = list[asked.length - 1] ?? 418;
    const answer = typeof given === 'function' ? await given() : given;
    if (typeof answer === 'number') await route.fulfill({ status: answer, json: { error: 'no' } });
    else await route.fulfill({ json: answer });
  });
  return asked;
}

// Answers to a list that are ours, since nobody makes thousands of orders for a test.
const refundedLists = '**/api/ops/sessions?filter=refunded*';
const order = (n) => ({ id: `cs_test_${n}`, state: 'done', held: false, units: ['refunded'],
  created: '2026-01-01T00:00:00Z', amount: 100, currency: 'usd', reason: '' });
const orders = (from, many) => Array.from({ length: many }, (_, i) => order(from + i));
const part = (found, next) => ({ orders: found, searched: 500, next });

// What the person hears of the list: every text of its status, once.
function listen() {
  globalThis.heard = [];
  const look = () => {
    const text = document.querySelector('#main [role=status]')?.textContent;
    if (text && globalThis.heard.at(-1) !== text) globalThis.heard.push(text);
  };
  new MutationObserver(look).observe(document.querySelector('#main'),
    { subtree: true, childList: true, characterData: true });
}

// Waits until what has the focus says so.
const focusIs = (page, text) => page.waitForFunction(
  (wanted) => document.activeElement.textContent === wanted, text, patience);

module.exports = {
  answers, focusIs, listen, openShop, order, orders, part, refundedLists, requestsOf, signInAt,
};
