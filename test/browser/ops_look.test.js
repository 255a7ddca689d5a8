// How the operator's page looks, measured in a real Chromium: what is written can be read, and what
// is to be pressed can be hit.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Shop } = require('../blackbox/support/shop.js');
const { Browser, patience } = require('./support/browser.js');
const { signInAt } = require('./support/operator.js');

const textLeast = 4.5;  // WCAG 2.2 AA
const edgeLeast = 3;
const targetLeast = 24;  // pixels

// Runs inside the page: badges of every kind on a card, and on a row with the mouse on it.
function contrasts() {
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  // Colours on top of each other, as the eye sees them.
  const seen = (...colours) => {
    probe.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      probe.fillStyle = colour;
      probe.fillRect(0, 0, 1, 1);
    }
    return [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const root = getComputedStyle(document.documentElement);
  const value = (name) => root.getPropertyValue(`--${name}`);
  const row = `color-mix(in srgb, ${value('ground')} 60%, ${value('card')})`;
  const told = {};
  const look = (name, what, grounds) => {
    document.body.append(what);
    const { color, backgroundColor } = getComputedStyle(what);
    told[name] = Math.min(...grounds.map((ground) =>
      ratio(seen(ground, color), seen(ground, backgroundColor))));
    what.remove();
  };
  for (const state of ['paid', 'delivered', 'refunded', 'held', 'waiting']) {
    const badge = document.createElement('span');
    badge.className = `badge ${state}`;
    look(state, badge, [value('card'), row, value('ground')]);
  }
  for (const [name, className] of [['test', 'mode test'], ['live', 'mode live'],
    ['offline', 'offline']]) {
    const one = document.createElement('p');
    one.className = className;
    look(name, one, [value('card')]);
  }
  const field = getComputedStyle(document.querySelector('input[type=search]'));
  const edge = Math.min(...[field.backgroundColor, value('card')].map((ground) =>
    ratio(seen(field.borderColor), seen(ground))));
  return { told, edge };
}

describe('how the operator\'s page looks', () => {
  let shop;
  let browser;
  let done;
  before(async () => {
    shop = await Shop.open();
    done = await shop.paidOrder();
    await shop.completed(done);
    browser = await Browser.open();
  });
  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`what is written can be read, ${colorScheme}`, () =>
      browser.with({ colorScheme }, async (page) => {
        await signInAt(page, shop, '#/', '.chart canvas');
        const { told, edge } = await page.evaluate(contrasts);
        assert.equal(Object.keys(told).length, 8);
        const faint = Object.entries(told).filter(([, ratio]) => ratio < textLeast);
        assert.deepEqual(faint, []);
        assert.ok(edge >= edgeLeast, `an input's edge has ${edge}`);
      }));
  }

  for (const width of [1280, 390]) {
    test(`what is to be pressed can be hit, ${width} wide`, () =>
      browser.with({ viewport: { width, height: 900 } }, async (page) => {
        const small = [];
        await signInAt(page, shop, '#/', '.chart canvas');
        for (const [hash, sign] of [['#/', '.chart canvas'], ['#/orders/all', '#main tbody a'],
          [`#/order/${done}`, '.timeline li']]) {
          await page.goto(`${shop.server.url}/ops${hash}`);
          await page.waitForSelector(sign, patience);
          small.push(...await page.evaluate((least) =>
            [...document.querySelectorAll('a:not(.skip), button, input, summary')]
              .filter((one) => one.getClientRects().length > 0)
              .map((one) => [one.textContent, one.getBoundingClientRect()])
              .filter(([, { width: wide, height }]) => Math.min(wide, height) < least)
              .map(([text, { width: wide, height }]) => `${text} ${wide}×${height}`),
          targetLeast));
        }
        assert.deepEqual(small, []);
      }));
  }
});
