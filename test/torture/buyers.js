// Buyers: each orders 1 to 3 videos with an Idempotency-Key, asks again for as long as the shop
// does not answer, pays in Stripe's form, and maybe watches the status page until the order is
// over. What anybody was ever shown is noted for the judge.
'use strict';
const { privateWord } = require('../blackbox/support/claimcheck.js');
const { Chance } = require('./chance.js');
const { ask } = require('./ask.js');
const { pause } = require('./time.js');

const checkoutPatienceMs = 30000;
const bankMs = 3000;  // until a bank debit is paid, with some room
const carts = 5;  // how often a buyer begins anew, with another Idempotency-Key
const baskets = [
  { priceId: 'price_single', quantity: 1 }, { priceId: 'price_single', quantity: 1 },
  { priceId: 'price_single', quantity: 2 }, { priceId: 'price_single', quantity: 2 },
  { priceId: 'price_single', quantity: 3 }, { priceId: 'price_triple', quantity: 1 },
];
const isOver = (seen) => seen.status === 'completed' || seen.status === 'error';

class Buyers {
  constructor(environment, shown, seed) {
    Object.assign(this, { environment, shown, seed });
    this.paid = 0;
    this.begunAnew = 0;
    this.gaveUp = 0;
    this.refusals = new Map();  // answers to checkouts, other than a session
    this.watchers = [];
    this.isClosing = false;
  }

  // All of them, spread evenly over `ms`; ends when the last one has paid. Some go on watching.
  async come(count, ms) {
    const begun = Date.now();
    const all = [];
    for (let number = 0; number < count; ++number) {
      await pause(begun + (number * ms) / count - Date.now());
      all.push(this.buyer(number));
    }
    await Promise.all(all);
  }

  async buyer(number) {
    const chance = new Chance(this.seed, `buyer ${number}`);
    const id = await this.order(number, chance);
    if (!id) {
      ++this.gaveUp;
      return;
    }
    await pause(chance.between(0, 3000));
    await this.pay(id, chance);
    ++this.paid;
    // In a short run everybody looks: a lost webhook is then found within a minute or two.
    if (!this.environment.isLong || chance.roll(0.6)) this.watchers.push(this.watch(id, chance));
  }

  async order(number, chance) {
    const basket = chance.pick(baskets);
    for (let cart = 0; cart < carts; ++cart) {
      const id = await this.checkout(basket, number, cart, chance);
      if (id) return id;
      ++this.begunAnew;
    }
    return null;
  }

  async checkout(basket, number, cart, chance) {
    const body = { ...basket, prompt: `A ${privateWord} at dawn, ${this.seed}/${number}` };
    const headers = {
      'content-type': 'application/json', 'idempotency-key': `order ${number}/${cart}`,
      'x-forwarded-for': `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
    };
    const deadline = Date.now() + checkoutPatienceMs;
    while (Date.now() < deadline) {
      await this.environment.entrance.passed();
      ++this.environment.checkouts;
      const answer = await ask(this.environment.url, 'POST', '/api/create-checkout',
        { body, headers }).catch(() => null);
      --this.environment.checkouts;
      if (answer?.status === 200 && answer.json) return answer.json.sessionId;
      const said = answer ? `${answer.status} ${answer.json?.code ?? ''}` : 'no answer';
      this.refusals.set(said, (this.refusals.get(said) ?? 0) + 1);
      if (answer && answer.status < 500 && ![409, 429].includes(answer.status)) {
        throw new Error(`a checkout was refused: ${answer.status} ${JSON.stringify(answer.json)}`);
      }
      await pause(chance.between(500, 4000));
    }
    return null;
  }

  async pay(id, chance) {
    const { sandbox } = this.environment;
    const way = chance.next();
    if (way < 0.04) await sandbox.pay(id, 'decline');
    if (way < 0.93) return sandbox.pay(id);
    await sandbox.pay(id, 'later');
    await pause(bankMs);
  }

  async watch(id, chance) {
    while (!this.isClosing) {
      await pause(chance.between(1500, 5000));
      const seen = await this.look(this.environment.url, id);
      if (seen && isOver(seen)) return;
    }
  }

  async leave() {
    this.isClosing = true;
    await Promise.all(this.watchers);
  }

  // The status page's answer, or null when there is none now.
  async look(base, id) {
    const answer = await ask(base, 'GET', `/api/webhook-status/${id}`).catch(() => null);
    if (answer?.status !== 200 || !answer.json) return null;
    this.shown.note(id, answer.json);
    return answer.json;
  }
}

module.exports = { Buyers };
