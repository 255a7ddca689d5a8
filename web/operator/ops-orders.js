// Lists of orders: by filter, or what a search has found. A list by filter is live: it is asked for
// anew while nobody stands in it, row by row. What a search has found stays as it was: it says when
// that was, and Refresh asks anew.
import { api } from './ops-api.js';
import { number } from './ops-dom.js';
import { element, setText } from '../shared/dom.js';
import { Growing } from './ops-growing.js';
import { mayAct } from './ops-role.js';
import { clockNow } from './ops-time.js';
import { Together } from './ops-together.js';

const filters = {
  all: 'All', held: 'Held', disputed: 'Disputed', waiting: 'Waiting', working: 'In progress',
  delivered: 'Delivered', refunded: 'Refunded', unpaid: 'Unpaid',
};
const nothing = {
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

  // live: what is shown already is asked for anew.
  async refresh(live = false) {
    const { list } = this;
    const again = live && list.begun;
    await list.begin();
    if (again) await list.renew();
    if (list === this.list && (again || !this.asOf.textContent)) {
      this.asOf.textContent = `as of ${clockNow()}`;
    }
    return list.mode && { mode: list.mode };
  }

  end() { this.list.end(); }
}

const heading = (text, listed) => element('div.head', {},
  element('h1', { tabindex: '-1' }, text), listed.head);

const liveMs = 10000;
const hasDays = (which) => which !== 'held' && which !== 'disputed';
const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

// The reader's own days, the last one included, as moments.
function momentsOf([from, until]) {
  const midnight = (day, after) => {
    const date = new Date(`${day}T00:00`);
    date.setDate(date.getDate() + after);
    return date.toISOString();
  };
  return { ...(from && { from: midnight(from, 0) }), ...(until && { until: midnight(until, 1) }) };
}

const addressOf = (which, [from, until]) =>
  `#/orders/${which}${from || until ? `/${from}/${until}` : ''}`;

export class OrderList {
  // days: the first and the last, as in the address; absent = without that end.
  constructor(root, filter, days, changed) {
    this.which = Object.hasOwn(filters, filter) ? filter : 'all';
    this.days = [0, 1].map((i) => (hasDays(this.which) && isDay(days[i]) ? days[i] : ''));
    this.title = this.which === 'all' ? 'Orders' : `${filters[this.which]} orders`;
    this.refreshMs = liveMs;
    const moments = momentsOf(this.days);
    const none = moments.from || moments.until ? 'No such orders in these days.'
      : nothing[this.which] || 'No such orders.';
    // Held orders can be decided together: what they wait for is the same.
    this.together = this.which === 'held' && mayAct()
      ? new Together(() => this.listed?.list.orders() ?? [], changed) : undefined;
    this.listed = new Listed(() => new Growing(
      (before) => api.orders(this.which, before, undefined, moments), this.which, none,
      this.together), changed);
    this.many = Object.fromEntries(Object.keys(filters).map((name) =>
      [name, element('span.many')]));
    root.replaceChildren(heading('Orders', this.listed), this.pills(), this.bar(moments),
      this.together?.root ?? '', this.listed.root);
  }

  pills() {
    const pill = ([name, words]) => element('a', {
      href: addressOf(name, hasDays(name) ? this.days : []),
      'aria-current': name === this.which ? 'true' : null }, words, this.many[name]);
    return element('nav.pills', { 'aria-label': 'Filter' }, Object.entries(filters).map(pill));
  }

  // The days, and the list as a file.
  bar(moments) {
    const field = (i, name) => {
      const input = element('input', { type: 'date', 'data-day': name.toLowerCase(),
        value: this.days[i], onchange: () => this.choose(i, input.value) });
      return element('label.day', {}, `${name} `, input);
    };
    return element('div.bar', {},
      hasDays(this.which) ? [field(0, 'From'), field(1, 'To')] : [],
      element('a.button.plain.small.csv', {
        href: api.csvOf(this.which, moments), download: true }, 'Download CSV'));
  }

  choose(i, day) {
    this.days[i] = day;
    location.hash = addressOf(this.which, this.days);
  }

  // How many there are, beside the filters that Redis has a count of.
  counts(told) {
    for (const [name, span] of Object.entries(this.many)) {
      setText(span, name in told ? number(told[name]) : '');
    }
  }

  refresh() { return this.listed.refresh(true); }
  end() { this.listed.end(); }
}

const searchable = 'Searched: session, payment, e-mail, reference, file, price, tool and texts ' +
  'of errors. Prompts are not searched.';

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
      element('p.soft', {}, `Orders for “${words}”. ${searchable}`), this.listed.root);
  }
  async refresh() { return this.listed?.refresh(); }
  end() { this.listed?.end(); }
}
