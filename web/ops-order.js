// One order: what it waits for and why, its videos, its whole history, the records as they are.
import { api } from './ops-api.js';
import { focusAction, orderButtons, unitButtons } from './ops-actions.js';
import { badge, copy, element, money, notice, orderBadges, plural } from './ops-dom.js';
import { clockTime, moment, setNow } from './ops-time.js';

// History speaks of units from 0; people count videos from 1.
const counted = (text) => text.replace(/\bunit (\d+)/g, (_, index) => `video ${Number(index) + 1}`);
const kinds = ['held', 'refund', 'deliver', 'fail', 'paid', 'expired', 'running', 'open'];

function step({ when, from, to, why }) {
  const kind = kinds.find((one) => to.includes(one)) || 'other';
  const change = from === to || from === '' ? counted(to) : `${counted(from)} → ${counted(to)}`;
  return element(`li.${kind}`, {},
    element('p.change', {}, change, element('span.soft', {}, ' ', moment(when))),
    element('p', {}, counted(why)), element('p.soft.small', {}, clockTime(when)));
}

function unitRow(unit, index, order, changed) {
  const link = unit.url.startsWith('http')
    ? element('a', { href: unit.url, rel: 'noreferrer noopener', target: '_blank' }, 'Open video')
    : null;
  // On a phone a cell without anything to say is left out.
  const cell = (label, what, ...more) => element(what ? 'td' : 'td.none', { 'data-label': label },
    what || '–', ...more);
  const file = unit.job && element('code', {}, unit.job);
  return element('tr', {},
    cell('Video', String(index + 1)),
    cell('State', badge(unit.state)),
    cell('File', file || link, file && link ? ' ' : null, file ? link : null),
    cell('Tries', String(unit.attempt)),
    cell('Next try', unit.retry && moment(unit.retry)),
    element(unit.reason ? 'td.reason' : 'td.reason.none', { 'data-label': 'Why' },
      unit.reason || '–'),
    element('td.acts', {}, unitButtons(order, unit, index, changed)));
}

function unitTable(told, changed) {
  const heads = ['Video', 'State', 'File', 'Tries', 'Next try', 'Why', 'Actions'];
  return element('section.card.table', {}, element('h2', {}, 'Videos'), element('table', {},
    element('thead', {}, element('tr', {}, heads.map((head) =>
      element('th', { scope: 'col' }, head)))),
    element('tbody', {}, told.units.map((unit, index) =>
      unitRow(unit, index, told.order, changed)))));
}

function facts({ order }) {
  const fact = (name, ...value) => element('div', {}, element('dt', {}, name),
    element('dd', {}, ...value));
  return element('dl.facts', {},
    fact('Amount', money(order.amount, order.currency)),
    fact('Bought', `${order.quantity} × ${order.price}`),
    fact('Tool', order.tool),
    fact('Created', moment(order.created)),
    fact('Paid', moment(order.paid)),
    fact('Mode', order.livemode ? 'live' : 'test'));
}

function records({ records: stored }) {
  const part = (name, value) => element('details', {}, element('summary', {}, name),
    element('pre', { tabindex: '0' }, JSON.stringify(value, null, 2)));
  return element('section.card', {}, element('h2', {}, 'Records'),
    part('Claim: what is owed', stored.claim), part('Session value: what the buyer sees',
      stored.session), part('History', stored.history));
}

const liveMs = 4000;
const over = ['done', 'expired', 'unpaid'];

export class Order {
  // changed(): something was done to the order, so the view is to be refreshed.
  constructor(root, id, changed) {
    this.id = id;
    this.changed = changed;
    this.refreshMs = liveMs;
    this.body = element('div', {}, notice('Looking …'));
    const copyButton = element('button.plain.small', {
      type: 'button', onclick: (event) => copy(id, event.target) }, 'Copy');
    this.badges = element('span.badges');
    root.replaceChildren(
      element('p.back', {}, element('a', { href: '#/orders/all' }, '← Orders')),
      element('div.head', {}, element('h1', { tabindex: '-1' }, 'Order'), this.badges),
      element('p.id', {}, element('code', {}, id), ' ', copyButton), this.body);
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
    this.refreshMs = !told.order || over.includes(told.order.state) ? 0 : liveMs;
    const seen = JSON.stringify({ ...told, now: 0 });
    if (seen === this.seen) return undefined;  // somebody may be reading, or opening a record
    this.seen = seen;
    const open = [...this.body.querySelectorAll('details')].map((one) => one.open);
    const focused = document.activeElement?.dataset.act;
    this.show(told);
    this.body.querySelectorAll('details').forEach((one, i) => { one.open = open[i] || false; });
    if (focused) focusAction(focused);
    return undefined;
  }

  show(told) {
    if (!told.order) {
      this.badges.replaceChildren(badge('unreadable'));
      const why = notice(`What is owed cannot be read: ${told.problem}`, 'warn');
      this.body.replaceChildren(why, records(told));
      return;
    }
    this.badges.replaceChildren(...orderBadges(told.order));
    const kind = told.order.held ? 'held' : 'calm';
    const links = told.links.map(({ name, url }) => element('a.button.plain', {
      href: url, rel: 'noreferrer noopener', target: '_blank' }, `${name} at Stripe`));
    const history = told.records.history;
    this.body.replaceChildren(
      element(`section.card.why.${kind}`, {}, element('h2', {}, 'What it waits for'),
        element('ul', {}, told.words.map((sentence) => element('li', {}, sentence))),
        element('div.buttons', {}, orderButtons(told.order, told.actions, this.changed), links)),
      facts(told), unitTable(told, this.changed),
      element('section.card', {}, element('h2', {}, 'History'),
        element('p.soft.small', {}, plural(history.length, 'step')),
        element('ol.timeline', {}, history.map(step).reverse())),
      records(told));
  }

  end() {}
}
