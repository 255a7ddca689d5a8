// Money on the overview: what was sold and refunded in the last 24 hours, beside the 24 hours
// before, and by product. Amounts of different currencies stand below each other and are never
// added.
import { money, number } from './ops-dom.js';
import { element } from '../shared/dom.js';

const share = (part, whole) => (whole > 0 ? `${Math.round(100 * part / whole)} %` : '–');
const sums = (currencies, name) => currencies.filter((one) => one[name] > 0)
  .map((one) => money(one[name], one.currency));

function moneyTile(name, currencies, now, before, kind) {
  const lines = sums(currencies, now);
  const earlier = sums(currencies, before).join(' + ') || 'nothing';
  return element(`div.card.tile${lines.length > 0 ? kind : ''}`, {}, element('dt', {}, name),
    element('dd', {}, lines.length > 0 ? lines.map((line) => element('div', {}, line)) : '–'),
    element('dd.below.soft', {}, `${earlier} in the 24 hours before`));
}

function paidTile({ started, paid, startedBefore, paidBefore }) {
  return element('div.card.tile', {}, element('dt', {}, 'Paid of started'),
    element('dd', {}, share(paid, started)),
    element('dd.below.soft', {}, `${number(paid)} of ${number(started)} orders` +
      (startedBefore > 0 ? `; ${share(paidBefore, startedBefore)} in the 24 hours before` : '')));
}

function productTable(products) {
  const heads = [['Product'], ['Sold', 'right'], ['Refunded', 'right'], ['Sold before', 'right']];
  const sum = (label, amount, currency) => element('td.right', { 'data-label': label },
    amount > 0 ? money(amount, currency) : '–');
  return element('div.card.table.products', {}, element('table', {},
    element('thead', {}, element('tr', {}, heads.map(([head, side]) =>
      element(side ? `th.${side}` : 'th', { scope: 'col' }, head)))),
    element('tbody', {}, products.map((one) => element('tr', {},
      element('td', { 'data-label': 'Product', title: one.price },
        one.price === 'other' ? 'Other' : one.title),
      sum('Sold', one.sold, one.currency), sum('Refunded', one.refunded, one.currency),
      sum('Sold before', one.soldBefore, one.currency))))));
}

export class Sales {
  constructor() {
    this.tiles = element('dl.tiles');
    this.products = element('div');
    this.root = element('section', { 'aria-labelledby': 'money-title' },
      element('h2', { id: 'money-title' }, 'Money, last 24 hours'), this.tiles, this.products);
  }

  feed(sales) {
    const told = JSON.stringify(sales);
    if (told === this.told) return;
    this.told = told;
    this.tiles.replaceChildren(
      moneyTile('Sold', sales.currencies, 'sold', 'soldBefore', '.good'),
      moneyTile('Money refunded', sales.currencies, 'refunded', 'refundedBefore', '.warn'),
      paidTile(sales));
    // One product is told by the tiles.
    this.products.replaceChildren(
      ...(sales.products.length > 1 ? [productTable(sales.products)] : []));
  }
}
