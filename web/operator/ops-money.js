// Money on the overview: what was sold and refunded in the last 24 hours, beside the 24 hours
// before, by product and by tool. Amounts of different currencies stand below each other and are
// never added.
import { money, number } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { minorPerUnit } from '../shared/money.js';

// What generators cost comes in millionths; some count in credits of their own.
const micros = (amount, currency) => (currency.length === 3
  ? money(Math.round(amount / 1e6 * minorPerUnit(currency)), currency)
  : `${number(Math.round(amount / 1e6))} ${currency}`);
const earned = ({ sold, refunded, currency }) =>
  (currency.length === 3 ? (sold - refunded) / minorPerUnit(currency) * 1e6 : 0);

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

// Only where a cost is known: without it a margin would be the sum of the sales.
function marginTile(currencies) {
  const known = currencies.filter((one) => one.costMicros > 0);
  const lines = known.map((one) => micros(earned(one) - one.costMicros, one.currency));
  const costs = known.map((one) => micros(one.costMicros, one.currency)).join(' + ');
  return element('div.card.tile', {}, element('dt', {}, 'Margin'),
    element('dd', {}, lines.map((line) => element('div', {}, line))),
    element('dd.below.soft', {}, `generators cost ${costs}`));
}

function paidTile({ started, paid, startedBefore, paidBefore }) {
  return element('div.card.tile', {}, element('dt', {}, 'Paid of started'),
    element('dd', {}, share(paid, started)),
    element('dd.below.soft', {}, `${number(paid)} of ${number(started)} orders` +
      (startedBefore > 0 ? `; ${share(paidBefore, startedBefore)} in the 24 hours before` : '')));
}

// head: "Product" or "Tool".
function salesTable(head, rows) {
  const costs = rows.some((one) => one.costMicros > 0);
  const heads = [[head], ['Sold', 'right'], ['Refunded', 'right'],
    ...(costs ? [['Generators', 'right'], ['Margin', 'right']] : []), ['Sold before', 'right']];
  const cost = (label, amount, currency) => element('td.right', { 'data-label': label },
    amount === null ? '–' : micros(amount, currency));
  const sum = (label, amount, currency) => element('td.right', { 'data-label': label },
    amount > 0 ? money(amount, currency) : '–');
  return element('div.card.table.sales', {}, element('table', {},
    element('thead', {}, element('tr', {}, heads.map(([name, side]) =>
      element(side ? `th.${side}` : 'th', { scope: 'col' }, name)))),
    element('tbody', {}, rows.map((one) => element('tr', {},
      element('td', { 'data-label': head, title: one.price ?? one.tool },
        one.title === 'other' ? 'Other' : one.title),
      sum('Sold', one.sold, one.currency), sum('Refunded', one.refunded, one.currency),
      ...(costs ? [
        cost('Generators', one.costMicros || null, one.currency),
        cost('Margin', one.costMicros > 0 ? earned(one) - one.costMicros : null, one.currency),
      ] : []),
      sum('Sold before', one.soldBefore, one.currency))))));
}

export class Sales {
  constructor() {
    this.tiles = element('dl.tiles');
    this.tables = element('div.tables');
    this.root = element('section', { 'aria-labelledby': 'money-title' },
      element('h2', { id: 'money-title' }, 'Money, last 24 hours'), this.tiles, this.tables);
  }

  feed(sales) {
    const told = JSON.stringify(sales);
    if (told === this.told) return;
    this.told = told;
    this.tiles.replaceChildren(
      moneyTile('Sold', sales.currencies, 'sold', 'soldBefore', '.good'),
      moneyTile('Money refunded', sales.currencies, 'refunded', 'refundedBefore', '.warn'),
      ...(sales.currencies.some((one) => one.costMicros > 0) ? [marginTile(sales.currencies)] : []),
      paidTile(sales));
    // What there is only one of is told by the tiles.
    const { products, tools = [] } = sales;
    this.tables.replaceChildren(
      ...(products.length > 1 ? [salesTable('Product', products)] : []),
      ...(tools.length > 1 ? [salesTable('Tool', tools)] : []));
  }
}
