// Orders as a table; on a narrow screen its rows are cards.
import { money, orderBadges, plural } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { moment } from './ops-time.js';
import { kindWord } from './ops-words.js';

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

// What a person recognises an order by; its id comes last. An order that cannot be read has no more
// than that.
function what({ id, title, prompt, email }) {
  if (!title) return element('div.what', {}, orderLink(id));
  const link = element('a', { href: `#/order/${encodeURIComponent(id)}`, title: id }, title);
  const code = element('span.short', { title: id }, shortId(id));
  return element('div.what', {}, link,
    prompt ? element('div.prompt-words', {}, `“${prompt}”`) : null,
    element('div.who.soft.small', {}, email ? element('span.email', {}, email) : null, code));
}

// "2", of videos; of others the kind as well: "1 image".
function countOf({ units, media }) {
  return media ? plural(units.length, kindWord({ media })) : String(units.length);
}

// box: what stands before the state, to choose the row; none = rows cannot be chosen.
export function orderRow(order, kind, box = null) {
  const cell = (label, ...told) => element('td', { 'data-label': label }, ...told);
  const reason = order.problem || order.reason;
  const at = Date.parse(timeOf(order, kind)) || 0;
  const row = element('tr', { 'data-id': order.id, 'data-at': at },
    cell('State', box, ...orderBadges(order)),
    cell('Order', what(order)),
    element('td.right', { 'data-label': 'Amount' },
      element('span.number', {}, money(order.amount, order.currency))),
    element('td.right', { 'data-label': 'Videos' },
      order.units ? countOf(order) : '–'),
    cell(timeWord(kind), moment(timeOf(order, kind))),
    element(reason ? 'td.reason' : 'td.reason.none', { 'data-label': 'Why' }, reason || '–'));
  row.told = JSON.stringify(order);
  row.order = order;
  return row;
}

// kind "held" tells since when, "disputed" until when. An order whose claim cannot be read has an
// id and a problem only, and perhaps since when it is held.
export function orderTable(orders, kind = 'all') {
  const heads = ['State', 'Order', 'Amount', 'Videos', timeWord(kind), 'Why'];
  const right = (head) => (head === 'Amount' || head === 'Videos' ? 'th.right' : 'th');
  return element('div.card.table.orders', {}, element('table', {},
    element('thead', {}, element('tr', {}, heads.map((head) =>
      element(right(head), { scope: 'col' }, head)))),
    element('tbody', {}, orders.map((order) => orderRow(order, kind)))));
}
