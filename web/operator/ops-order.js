// One order: what it waits for and why, its videos, its whole history, the records as they are.
import { api } from './ops-api.js';
import { focusAction } from './ops-dialog.js';
import { badge, copy, money, notice, orderBadges } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { disputeOf } from './ops-dispute.js';
import { historyOf } from './ops-history.js';
import {
  buyer, facts, isOver, records, unitTable, unreadable, waitsFor,
} from './ops-order-parts.js';
import { setNow } from './ops-time.js';
import { modeOf } from './ops-words.js';

const liveMs = 4000;

export class Order {
  // changed(): something was done to the order, so the view is to be refreshed.
  constructor(root, id, changed) {
    this.id = id;
    this.changed = changed;
    this.refreshMs = liveMs;
    this.body = element('div', {}, notice('Looking …'));
    const code = element('code', {}, id);
    const copyButton = element('button.plain.small', {
      type: 'button', onclick: (event) => copy(code, event.target) }, 'Copy');
    this.title = `Order …${id.slice(-6)}`;
    this.heading = element('h1', { tabindex: '-1' }, 'Order');
    root.replaceChildren(
      element('p.back', {}, element('a', { href: '#/orders/all' }, '← Orders')),
      element('div.head', {}, this.heading),
      element('p.id', {}, code, ' ', copyButton), this.body);
  }

  async refresh() {
    let told;
    try {
      told = await api.order(this.id);
    } catch (error) {
      if (error.status !== 404 && error.status !== 400) throw error;
      this.body.replaceChildren(notice('There is no such order here.', 'bad'));
      this.refreshMs = 0;
      return undefined;
    }
    setNow(told.now);
    this.refreshMs = !told.order || isOver(told.order) ? 0 : liveMs;
    const seen = JSON.stringify({ ...told, now: 0 });
    // Otherwise somebody may be reading, or opening a record.
    if (seen !== this.seen) this.showAnew(told);
    this.seen = seen;
    return { mode: modeOf(this.id) };
  }

  showAnew(told) {
    const open = [...this.body.querySelectorAll('details')].map((one) => one.open);
    const focused = document.activeElement?.dataset.act;
    this.show(told);
    this.body.querySelectorAll('details').forEach((one, i) => { one.open = open[i] || false; });
    if (focused) focusAction(focused);
  }

  show(told) {
    if (!told.order) {
      this.heading.replaceChildren('Order · ', badge('unreadable'));
      this.body.replaceChildren(unreadable(told), records(told));
      return;
    }
    this.head(told);
    this.body.replaceChildren(...[buyer(told), waitsFor(told, this.changed), disputeOf(told),
      unitTable(told, this.changed), facts(told), historyOf(told.records.history, told.order),
      records(told)].filter(Boolean));
  }

  // As "$2.00 · Held · dora@example.com". The title of the tab has no address: browsers keep it.
  head({ order, records: { session } }) {
    const states = orderBadges(order).flatMap((one, i) => (i > 0 ? [' ', one] : [one]));
    const email = session?.customerEmail;
    this.heading.replaceChildren(money(order.amount, order.currency), ' · ', ...states,
      email ? ` · ${email}` : '');
  }

  end() {}
}
