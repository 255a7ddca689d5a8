// Lists of orders: by filter, or what a search has found.
import { api } from './ops-api.js';
import { element } from './ops-dom.js';
import { Growing } from './ops-growing.js';

const filters = {
  all: 'All', held: 'Held', waiting: 'Waiting', working: 'In progress',
  delivered: 'Delivered', refunded: 'Refunded', unpaid: 'Unpaid',
};

export class OrderList {
  constructor(root, filter) {
    this.filter = Object.hasOwn(filters, filter) ? filter : 'all';
    this.list = new Growing((before) => api.orders(this.filter, before), this.filter);
    const pill = ([name, words]) => element('a', {
      href: `#/orders/${name}`, 'aria-current': name === this.filter ? 'true' : null }, words);
    root.replaceChildren(element('h1', { tabindex: '-1' }, 'Orders'),
      element('nav.pills', { 'aria-label': 'Filter' }, Object.entries(filters).map(pill)),
      this.list.root);
  }
  refresh() { return this.list.begin(); }
  end() { this.list.end(); }
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
    if (this.words) await this.list.begin();
  }
  end() { this.list.end(); }
}
