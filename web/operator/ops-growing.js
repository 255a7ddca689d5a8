// A list that grows by itself, and can be renewed row by row. The server looks at some hundred
// orders per request, so what is rare needs many: they go on until a page of orders is there, the
// list ends, Stop is pressed or so many were looked at that somebody should say whether to go on.
import { byId, notice, number, plural } from './ops-dom.js';
import { element, setText } from '../shared/dom.js';
import { orderRow, orderTable } from './ops-table.js';
import { modeOf, sentence } from './ops-words.js';

const pageOrders = 50;
const searchedMax = 20000;  // orders, before it asks

// A place in a list is "r.<microseconds>.<session>": whether the server has come past that row.
// Lists of held and of disputed orders begin with the oldest.
function isPassed(row, next) {
  const [list, us] = next.split('.');
  const [at, end] = [Number(row.dataset.at), Math.floor(Number(us) / 1000)];
  return list === 'r' ? at >= end : at <= end;
}

export class Growing {
  // ask(before): { orders, searched, next, note } of the server. kind: as of orderTable. none: what
  // is said when there is nothing. together: by what rows are chosen, if they are.
  constructor(ask, kind, none, together) {
    this.ask = ask;
    this.together = together;
    this.kind = kind;
    this.none = none;
    this.mode = undefined;  // of Stripe, as soon as an order is there
    this.state = 'still';  // or looking, or stopping after the answer under way
    this.next = '';
    this.found = this.searched = 0;
    this.far = searchedMax;
    this.table = orderTable([], kind);
    this.rows = this.table.querySelector('tbody');
    this.word = element('div');
    this.count = element('span', {}, 'Looking …');
    this.button = element('button.plain', { type: 'button', onclick: () => this.press() });
    this.said = element('p.unseen', { role: 'status' });  // the end of a search, not each step
    this.table.hidden = this.button.hidden = true;
    this.root = element('div', {}, this.table, this.word,
      element('p.foot.soft', {}, this.count, this.button), this.said);
  }

  // Once: a person who has read on is not thrown back to the beginning. Resolves with the first
  // part; the others follow.
  begin() {
    this.begun ??= this.first();
    return this.begun;
  }

  async first() {
    this.state = 'looking';
    try {
      await this.read();
    } catch (error) {
      this.begun = undefined;
      throw error;
    }
    this.grow(pageOrders);
  }

  // Somebody stands in a row, marks its words, or is asked about it.
  isRead() {
    const marked = getSelection();
    return this.rows.contains(document.activeElement) || byId('dialog').open ||
      (!marked.isCollapsed && this.rows.contains(marked.anchorNode));
  }

  // The beginning anew, in place: rows that are the same stay, and so does the reader's.
  async renew() {
    const rests = () => this.state === 'still' && !this.ended && !this.isRead();
    if (!rests()) return;
    const told = await this.ask('');
    if (!rests()) return;
    const seen = [...this.rows.children].find((row) => row.getBoundingClientRect().bottom > 0);
    const before = seen?.getBoundingClientRect().top;
    this.merge(told);
    if (seen?.isConnected && scrollY > 0) {
      scrollBy(0, seen.getBoundingClientRect().top - before);
    }
  }

  rowOf(order) { return orderRow(order, this.kind, this.together?.box(order)); }
  orders() { return [...this.rows.children].map((row) => row.order); }

  merge({ orders, searched, next }) {
    const old = [...this.rows.children];
    const known = new Map(old.map((row) => [row.dataset.id, row]));
    const isKnown = orders.some(({ id }) => known.has(id));
    const fresh = orders.map((order) => {
      const row = known.get(order.id);
      return row?.told === JSON.stringify(order) ? row : this.rowOf(order);
    });
    const ids = new Set(orders.map(({ id }) => id));
    // A whole page of new orders: what lies between it and the old rows is not known.
    const anew = !next || (orders.length >= pageOrders && !isKnown);
    const rest = anew ? [] : old.filter((row) =>
      !ids.has(row.dataset.id) && !isPassed(row, next));
    if (rest.length === 0) [this.next, this.searched] = [next || '', searched];
    const rows = [...fresh, ...rest];
    // Only what changes is touched, or the browser would lose the reader's place.
    for (const row of old) if (!rows.includes(row)) row.remove();
    rows.forEach((row, i) => {
      if (this.rows.children[i] !== row) this.rows.insertBefore(row, this.rows.children[i] ?? null);
    });
    this.found = rows.length;
    this.word.replaceChildren();
    this.tell();
  }

  end() { this.ended = true; }

  press() {
    if (this.state === 'still') {
      this.word.replaceChildren();
      this.far = this.searched + searchedMax;
      this.grow(this.found + pageOrders);
    } else {
      this.state = 'stopping';
    }
  }

  async grow(enough) {
    this.state = 'looking';
    this.tell();
    const goesOn = () => this.state === 'looking' && !this.ended && this.next &&
      this.found < enough && this.searched < this.far;
    try {
      while (goesOn()) await this.read();
    } catch (error) {
      this.word.replaceChildren(notice(sentence(error.message), 'bad'));
    }
    this.state = 'still';
    this.tell();
  }

  async read() {
    const { orders, searched, next, note } = await this.ask(this.next);
    if (note) this.word.replaceChildren(notice(sentence(note), 'warn'));
    this.rows.append(...orders.map((order) => this.rowOf(order)));
    this.mode ??= orders.length > 0 ? modeOf(orders[0].id) : undefined;
    this.found += orders.length;
    this.searched += searched;
    this.next = next || '';
    this.tell();
  }

  tell() {
    this.together?.tell();
    const still = this.state === 'still';
    const none = this.found === 0;
    const all = this.found === this.searched;
    const many = plural(this.found, 'order') +
      (all ? '' : ` found, ${number(this.searched)} searched`);
    this.count.textContent = still ? many : `${many} …`;
    this.table.hidden = none;
    if (still && none && !this.word.hasChildNodes()) {
      this.word.replaceChildren(notice(this.next ? 'Nothing among these.' : this.none));
    }
    this.button.hidden = still && !this.next;
    this.button.textContent = still ? (none ? 'Look further back' : 'Show more') : 'Stop';
    setText(this.said, still ? many : 'Looking …');
  }
}
