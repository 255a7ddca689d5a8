// A list that grows by itself. The server looks at some hundred orders per request, so what is
// rare needs many: they go on until a page of orders is there, the list ends, Stop is pressed or
// so many were looked at that somebody should say whether to go on.
import { notice, number, plural } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { orderRow, orderTable } from './ops-table.js';
import { modeOf, sentence } from './ops-words.js';

const pageOrders = 50;
const searchedMax = 20000;  // orders, before it asks

export class Growing {
  // ask(before): { orders, searched, next, note } of the server. kind: as of orderTable. none: what
  // is said when there is nothing.
  constructor(ask, kind, none) {
    this.ask = ask;
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
    this.rows.append(...orders.map((order) => orderRow(order, this.kind)));
    this.mode ??= orders.length > 0 ? modeOf(orders[0].id) : undefined;
    this.found += orders.length;
    this.searched += searched;
    this.next = next || '';
    this.tell();
  }

  tell() {
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
    this.said.textContent = still ? many : 'Looking …';
  }
}
