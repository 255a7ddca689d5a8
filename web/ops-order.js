// One order: what it waits for and why, its videos, its whole history, the records as they are.
import { api } from './ops-api.js';
import { orderButtons, unitButtons } from './ops-actions.js';
import {
  badge, clockTime, copy, element, money, moment, notice, orderBadges, plural,
} from './ops-dom.js';

// History speaks of units from 0; people count videos from 1.
const counted = (text) => text.replace(/\bunit (\d+)/g, (_, index) => `video ${Number(index) + 1}`);
const kinds = ['held', 'refund', 'deliver', 'fail', 'paid', 'expired', 'running', 'open'];

function step({ when, from, to, why }, now) {
  const kind = kinds.find((one) => to.includes(one)) || 'other';
  const change = from === to || from === '' ? counted(to) : `${counted(from)} → ${counted(to)}`;
  return element(`li.${kind}`, {},
    element('p.change', {}, change, element('span.soft', {}, ' ', moment(when, now))),
    element('p', {}, counted(why)), element('p.soft.small', {}, clockTime(when)));
}

function unitRow(unit, index, order, now, act) {
  const link = unit.url.startsWith('http')
    ? element('a', { href: unit.url, rel: 'noreferrer noopener', target: '_blank' }, 'Open video')
    : null;
  const cell = (label, ...what) => element('td', { 'data-label': label }, ...what);
  return element('tr', {},
    cell('Video', String(index + 1)),
    cell('State', badge(unit.state)),
    cell('File', unit.job ? element('code', {}, unit.job) : '–', ' ', link),
    cell('Tries', String(unit.attempt)),
    cell('Next try', moment(unit.retry, now)),
    element('td.reason', { 'data-label': 'Why' }, unit.reason || '–'),
    element('td.acts', { 'data-label': 'Actions' }, unitButtons(order, unit, index, act)));
}

function unitTable(told, act) {
  const heads = ['Video', 'State', 'File', 'Tries', 'Next try', 'Why', 'Actions'];
  return element('section.card.table', {}, element('h2', {}, 'Videos'), element('table', {},
    element('thead', {}, element('tr', {}, heads.map((head) =>
      element('th', { scope: 'col' }, head)))),
    element('tbody', {}, told.units.map((unit, index) =>
      unitRow(unit, index, told.order, told.now, act)))));
}

function facts({ order, now }) {
  const fact = (name, ...value) => element('div', {}, element('dt', {}, name),
    element('dd', {}, ...value));
  return element('dl.facts', {},
    fact('Amount', money(order.amount, order.currency)),
    fact('Bought', `${order.quantity} × ${order.price}`),
    fact('Tool', order.tool),
    fact('Created', moment(order.created, now)),
    fact('Paid', moment(order.paid, now)),
    fact('Mode', order.livemode ? 'live' : 'test'));
}

function records({ records: stored }) {
  const part = (name, value) => element('details', {}, element('summary', {}, name),
    element('pre', { tabindex: '0' }, JSON.stringify(value, null, 2)));
  return element('section.card', {}, element('h2', {}, 'Records'),
    part('Claim: what is owed', stored.claim), part('Session value: what the buyer sees',
      stored.session), part('History', stored.history));
}

export class Order {
  constructor(root, id) {
    this.root = root;
    this.id = id;
    this.refreshMs = 4000;
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
      return undefined;
    }
    const seen = JSON.stringify({ ...told, now: 0 });
    if (seen === this.seen) return undefined;  // somebody may be reading, or opening a record
    const open = [...this.body.querySelectorAll('details')].map((one) => one.open);
    this.seen = seen;
    this.show(told);
    this.body.querySelectorAll('details').forEach((one, i) => { one.open = open[i] || false; });
    return undefined;
  }

  show(told) {
    const act = () => { this.seen = ''; return this.refresh(); };
    if (!told.order) {
      const why = notice(`There is no claim: ${told.problem}`, 'warn');
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
        element('div.buttons', {}, orderButtons(told.order, told.actions, act), links)),
      facts(told), unitTable(told, act),
      element('section.card', {}, element('h2', {}, 'History'),
        element('p.soft.small', {}, plural(history.length, 'step')),
        element('ol.timeline', {}, history.map((line) => step(line, told.now)).reverse())),
      records(told));
  }

  end() {}
}
