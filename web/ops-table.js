// Orders as a table; on a narrow screen its rows are cards.
import { element, money, orderBadges } from './ops-dom.js';
import { moment } from './ops-time.js';

const shortId = (id) => (id.length > 26 ? `${id.slice(0, 14)}…${id.slice(-8)}` : id);

export const orderLink = (id) => element('a', {
  href: `#/order/${encodeURIComponent(id)}`, title: id }, shortId(id));

export function orderRow(order, kind) {
  const since = kind === 'held' || order.problem ? order.heldSince : order.created;
  const cell = (label, ...what) => element('td', { 'data-label': label }, ...what);
  const reason = order.problem || order.reason;
  return element('tr', {},
    cell('State', ...orderBadges(order)),
    cell('Order', orderLink(order.id)),
    cell('Amount', element('span.number', {}, money(order.amount, order.currency))),
    cell('Videos', order.units ? String(order.units.length) : '–'),
    cell(kind === 'held' ? 'Held' : 'Created', moment(since || order.created)),
    element(reason ? 'td.reason' : 'td.reason.none', { 'data-label': 'Why' }, reason || '–'));
}

// kind "held" tells since when. An order whose claim cannot be read has an id and a problem only,
// and perhaps since when it is held.
export function orderTable(orders, kind = 'all') {
  const heads = ['State', 'Order', 'Amount', 'Videos', kind === 'held' ? 'Held' : 'Created', 'Why'];
  return element('div.card.table.orders', {}, element('table', {},
    element('thead', {}, element('tr', {}, heads.map((head) =>
      element('th', { scope: 'col' }, head)))),
    element('tbody', {}, orders.map((order) => orderRow(order, kind)))));
}
