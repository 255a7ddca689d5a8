// Lists of orders: by filter, or what a search has found; more of them on demand.
import { api } from './ops-api.js';
import { element, money, moment, notice, orderBadges, plural } from './ops-dom.js';

export const filters = {
  all: 'All', held: 'Held', waiting: 'Waiting', working: 'In progress',
  delivered: 'Delivered', refunded: 'Refunded', unpaid: 'Unpaid',
};
const shortId = (id) => (id.length > 26 ? `${id.slice(0, 14)}…${id.slice(-8)}` : id);

function row(order, now, kind) {
  const link = element('a', { href: `#/order/${encodeURIComponent(order.id)}`, title: order.id },
    shortId(order.id));
  const since = kind === 'held' ? order.heldSince || order.created : order.created;
  const cell = (label, ...what) => element('td', { 'data-label': label }, ...what);
  return element('tr', {},
    cell('State', ...orderBadges(order)),
    cell('Order', link),
    cell('Amount', element('span.number', {}, money(order.amount, order.currency))),
    cell('Videos', String(order.units.length)),
    cell(kind === 'held' ? 'Held' : 'Created', moment(since, now)),
    element(order.reason ? 'td.reason' : 'td.reason.none', { 'data-label': 'Why' },
      order.reason || '–'));
}

export function orderTable(orders, now, kind = 'all') {
  const heads = ['State', 'Order', 'Amount', 'Videos', kind === 'held' ? 'Held' : 'Created', 'Why'];
  return element('div.card.table.orders', {}, element('table', {},
    element('thead', {}, element('tr', {}, heads.map((head) =>
      element('th', { scope: 'col' }, head)))),
    element('tbody', {}, orders.map((order) => row(order, now, kind)))));
}

// A list that grows: ask(before) gives a page of it.
class Growing {
  constructor(ask, kind) {
    this.ask = ask;
    this.kind = kind;
    this.orders = [];
    this.searched = undefined;
    this.root = element('div', { 'aria-live': 'polite' }, notice('Looking …'));
  }

  // Once: whoever has read on is not thrown back to the beginning.
  async begin() {
    if (this.searched === undefined) await this.more();
  }

  async more(before = '') {
    const page = await this.ask(before);
    this.searched ??= 0;
    this.orders.push(...page.orders);
    this.searched += page.searched;
    this.show(page.next);
  }

  show(next) {
    const many = `${plural(this.orders.length, 'order')} of ${this.searched} looked at`;
    const parts = [this.orders.length > 0 ? orderTable(this.orders, undefined, this.kind)
      : notice(next ? 'Nothing yet among the newest.' : 'Nothing found.')];
    const foot = element('p.foot.soft', {}, many);
    if (next) {
      foot.append(element('button.plain', {
        type: 'button', onclick: (event) => {
          event.target.disabled = true;
          this.more(next).catch((error) => this.root.append(notice(error.message, 'bad')));
        } }, this.orders.length > 0 ? 'Show more' : 'Look further back'));
    }
    this.root.replaceChildren(...parts, foot);
  }
}

export class OrderList {
  constructor(root, filter) {
    this.filter = filters[filter] ? filter : 'all';
    this.list = new Growing((before) => api.orders(this.filter, before), this.filter);
    const pill = ([name, words]) => element('a', {
      href: `#/orders/${name}`, 'aria-current': name === this.filter ? 'true' : null }, words);
    root.replaceChildren(element('h1', { tabindex: '-1' }, 'Orders'),
      element('nav.pills', { 'aria-label': 'Filter' }, Object.entries(filters).map(pill)),
      this.list.root);
  }
  refresh() { return this.list.begin(); }
  end() {}
}

// What is searched for stays out of the address: it may be somebody's e-mail.
export class Found {
  constructor(root, words) {
    this.words = words;
    this.list = new Growing((before) => api.search(words, before), 'all');
    root.replaceChildren(element('h1', { tabindex: '-1' }, 'Search'),
      element('p.soft', {}, words ? `Orders for “${words}”` : 'Type what you look for above.'),
      this.list.root);
    if (!words) this.list.root.replaceChildren();
  }
  async refresh() {
    if (!this.words) return;
    await this.list.begin();
    const [only, ...others] = this.list.orders;
    if (only && others.length === 0 && this.words === only.id) {
      location.replace(`#/order/${encodeURIComponent(only.id)}`);
    }
  }
  end() {}
}
