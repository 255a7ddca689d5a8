// Decisions about many held orders at once: rows of one cause are chosen, what they have in common
// is offered, and a question says how many orders and how much money it is about. The server
// decides each order by itself, and says of each whether it was done.
import { api } from './ops-api.js';
import { confirm } from './ops-dialog.js';
import { money, plural } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { orderLink } from './ops-table.js';
import { sentence } from './ops-words.js';

const atOnce = 100;  // orders; the server takes no more
const actions = {
  retry: {
    name: 'Try again',
    text: () => 'Each order goes on where it stands. Costs a generation only where the generator ' +
      'has nothing for it; what fails again is held again.',
  },
  resubmit: {
    name: 'Make anew',
    text: () => 'Each held video of these orders is ordered from the generator once more. Each ' +
      'costs one generation, and the buyers nothing.',
  },
  refund: {
    name: 'Refund', danger: true,
    text: (sum) => `${sum} goes back to the buyers. This cannot be undone.`,
  },
};

const canBeChosen = ({ reason, heldActions }) => Boolean(reason) && heldActions?.length > 0;

// "$6.00 + €2.00": currencies are never added.
function sumOf(orders) {
  const sums = new Map();
  for (const { heldAmount, currency } of orders) {
    sums.set(currency, (sums.get(currency) ?? 0) + heldAmount);
  }
  return [...sums].map(([currency, amount]) => money(amount, currency)).join(' + ');
}

export class Together {
  // orders(): what the list shows now. changed(): something was done, so it is to be refreshed.
  constructor(orders, changed) {
    this.orders = orders;
    this.changed = changed;
    this.chosen = new Set();  // session ids
    this.boxes = new Map();
    this.bar = element('div.together');
    this.said = element('div', { role: 'status' });
    this.root = element('div', {}, this.bar, this.said);
  }

  // The box of one row; rows are made anew when their order changes.
  box(order) {
    if (!canBeChosen(order)) return null;
    const box = element('input.pick', { type: 'checkbox', 'data-pick': order.id,
      'aria-label': `Choose ${order.title} of ${order.email || order.id}`,
      onchange: () => this.choose([order.id], box.checked) });
    box.checked = this.chosen.has(order.id);
    this.boxes.set(order.id, box);
    return box;
  }

  choose(ids, yes) {
    for (const id of ids) {
      if (!yes) this.chosen.delete(id);
      else if (this.chosen.size < atOnce) this.chosen.add(id);
    }
    this.tell();
  }

  picked() { return this.orders().filter(({ id }) => this.chosen.has(id)); }

  // After the rows have changed: what left the list is no longer chosen.
  tell() {
    const listed = this.orders().filter(canBeChosen);
    const ids = new Set(listed.map(({ id }) => id));
    for (const id of this.chosen) if (!ids.has(id)) this.chosen.delete(id);
    const picked = this.picked();
    const cause = picked[0]?.reason;
    for (const order of listed) {
      const box = this.boxes.get(order.id);
      box.checked = this.chosen.has(order.id);
      const other = cause !== undefined && order.reason !== cause;
      box.disabled = other || (!box.checked && picked.length >= atOnce);
      box.title = other ? 'Held for another reason' : '';
    }
    const told = JSON.stringify([picked, picked.length > 0 || listed.map(({ reason }) => reason)]);
    if (told === this.told) return;  // the keyboard may stand in it
    this.told = told;
    this.bar.replaceChildren(...(picked.length > 0 ? this.offers(picked) : this.causes(listed)));
  }

  causes(listed) {
    const of = new Map();
    for (const order of listed) of.set(order.reason, [...of.get(order.reason) ?? [], order]);
    return [...of].filter(([, orders]) => orders.length > 1).map(([reason, orders]) =>
      element('button.plain.small', { type: 'button', 'data-choose': 'all',
        onclick: () => this.chooseAll(orders) },
      `Choose ${Math.min(orders.length, atOnce)} held since “${reason}”`));
  }

  chooseAll(orders) {
    this.choose(orders.map(({ id }) => id), true);
    this.bar.querySelector('button')?.focus();
  }

  offers(picked) {
    const common = picked[0].heldActions.filter((key) =>
      picked.every(({ heldActions }) => heldActions.includes(key)));
    const few = picked.length >= atOnce ? ` (${atOnce} at most)` : '';
    return [
      element('strong', {}, `${plural(picked.length, 'order')} chosen${few}, ${sumOf(picked)}`),
      ...common.map((key) => element(`button.small.plain${actions[key].danger ? '.danger' : ''}`, {
        type: 'button', 'data-act': `together ${key}`, onclick: () => this.ask(key),
      }, `${actions[key].name}…`)),
      element('button.plain.small', { type: 'button',
        onclick: () => this.choose([...this.chosen], false) }, 'Choose none')];
  }

  // What is decided is what the question says, whatever the list shows meanwhile.
  ask(key) {
    const picked = this.picked();
    const { name, danger, text } = actions[key];
    const sum = sumOf(picked);
    confirm({ title: `${name}: ${plural(picked.length, 'order')}, ${sum}`, name, danger,
      text: text(sum) }, async ({ note }) => {
      const told = await api.decideHeld({ action: key, cause: picked[0].reason, note,
        orders: picked.map(({ id, version }) => ({ id, version })) });
      this.chosen.clear();
      this.show(told, name);
      await this.changed();
      this.tell();
    });
  }

  show({ done, results }, name) {
    const left = results.filter((one) => !one.done || one.code);
    this.said.replaceChildren(element('div.notice', {},
      element('p', {}, `${name}: ${plural(done, 'order')} done` +
        (left.length > 0 ? `, ${left.length} not or not wholly:` : '.')),
      left.length > 0 ? element('ul', {}, left.map(({ id, why }) =>
        element('li', {}, orderLink(id), ` ${sentence(why)}`))) : null));
  }
}
