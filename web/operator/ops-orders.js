// Lists of orders: by filter, or what a search has found. A list stays as it was asked for, since
// somebody reads it: it says when that was, and Refresh asks anew.
import { api } from './ops-api.js';
import { element } from '../shared/dom.js';
import { Growing } from './ops-growing.js';
import { clockNow } from './ops-time.js';

const filters = {
  all: 'All', held: 'Held', disputed: 'Disputed', waiting: 'Waiting', working: 'In progress',
  delivered: 'Delivered', refunded: 'Refunded', unpaid: 'Unpaid',
};
const none = {
  all: 'No orders yet.', held: 'No order is held for a person.',
  disputed: 'No bank awaits an answer.',
};

class Listed {
  // grow(): the list from its beginning. changed(): the view is to be refreshed.
  constructor(grow, changed) {
    this.grow = grow;
    this.asOf = element('span.soft.small');
    this.again = element('button.plain.small', { type: 'button', onclick: () => {
      this.begin();
      changed();
    } }, 'Refresh');
    this.head = element('span.as-of', {}, this.asOf, this.again);
    this.root = element('div');
    this.begin();
  }

  begin() {
    this.list?.end();
    this.list = this.grow();
    this.asOf.textContent = '';
    this.root.replaceChildren(this.list.root);
  }

  async refresh() {
    const { list } = this;
    await list.begin();
    if (list === this.list) this.asOf.textContent ||= `as of ${clockNow()}`;
    return list.mode && { mode: list.mode };
  }

  end() { this.list.end(); }
}

const heading = (text, listed) => element('div.head', {},
  element('h1', { tabindex: '-1' }, text), listed.head);

export class OrderList {
  constructor(root, filter, changed) {
    const which = Object.hasOwn(filters, filter) ? filter : 'all';
    this.title = which === 'all' ? 'Orders' : `${filters[which]} orders`;
    this.listed = new Listed(() => new Growing((before) => api.orders(which, before), which,
      none[which] || 'No such orders.'), changed);
    const pill = ([name, words]) => element('a', {
      href: `#/orders/${name}`, 'aria-current': name === which ? 'true' : null }, words);
    root.replaceChildren(heading('Orders', this.listed),
      element('nav.pills', { 'aria-label': 'Filter' }, Object.entries(filters).map(pill)),
      this.listed.root);
  }
  refresh() { return this.listed.refresh(); }
  end() { this.listed.end(); }
}

// What is searched for stays out of the address and the title: it may be somebody's e-mail.
export class Found {
  constructor(root, words, changed) {
    this.title = 'Search';
    if (!words) {
      root.replaceChildren(element('h1', { tabindex: '-1' }, 'Search'),
        element('p.soft', {}, 'Type what you look for above.'));
      return;
    }
    this.listed = new Listed(
      () => new Growing((before) => api.search(words, before), 'all', 'Nothing found.'), changed);
    root.replaceChildren(heading('Search', this.listed),
      element('p.soft', {}, `Orders for “${words}”`), this.listed.root);
  }
  async refresh() { return this.listed?.refresh(); }
  end() { this.listed?.end(); }
}
