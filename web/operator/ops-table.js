// Orders as a table; on a narrow screen its rows are cards.
import { money, orderBadges } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { moment } from './ops-time.js';

const shortId = (id) => (id.length > 26 ? `${id.slice(0, 14)}…${id.slice(-8)}` : id);

export const orderLink = (id) => element('a', {
  href: `#/order/${encodeURIComponent(id)}`, title: id }, shortId(id));

// What a list is ordered by.
const timeWords = { held: 'Held', disputed: 'Answer due' };
const timeWord = (kind) => timeWords[kind] || 'Created';

function timeOf(order, kind) {
  if (kind === 'held' || order.problem) return order.heldSince || order.created;
  return kind === 'disputed' ? order.dispute?.answerBy : order.created;
}

export function orderRow(order, kind) {
  const cell = (label, ...what) => element('td', { 'data-label': label }, ...what);
  const reason = order.problem || order.reason;
  return element('tr', {},
    cell('State', ...orderBadges(order)),
    cell('Order', orderLink(order.id)),
    cell('Amount', element('span.number', {}, money(order.amount, order.currency))),
    cell('Videos', order.units ? String(order.units.length) : '–'),
    cell(timeWord(kind), moment(timeOf(order, kind))),
    element(reason ? 'td.reason' : 'td.reason.none', { 'data-label': 'Why' }, reason || '–'));
}

// kind "held" tells since when, "disputed" until when. An order whose claim cannot be read has an
// id and a problem only, and perhaps since when it is held.
export function orderTable(orders, kind = 'all') {
  const heads = ['State', 'Order', 'Amount', 'Videos', timeWord(kind), 'Why'];
  return element('div.card.table.orders', {}, element('table', {},
    element('thead', {}, element('tr', {}, heads.map((head) =>
      element('th', { scope: 'col' }, head)))),
    element('tbody', {}, orders.map((order) => orderRow(order, kind)))));
}
