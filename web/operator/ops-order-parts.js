// The parts of one order's page: what it waits for and why, its facts, its videos, its records.
import { choicesOf, unitChoices } from './ops-actions.js';
import { face } from '../shared/face.js';
import { badge, money, outside } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { moment } from './ops-time.js';
import { kindWord, ofKind, stripeSearch, withMoments } from './ops-words.js';

// Why a video is in its state is said above, once.
function unitRow(unit, order, changed) {
  const link = unit.url.startsWith('http') ? outside(unit.url, `Open ${kindWord(order)}`) : null;
  // On a phone a cell without anything to say is left out.
  const cell = (label, what, ...more) => element(what ? 'td' : 'td.none', { 'data-label': label },
    what || '–', ...more);
  const file = unit.job && element('code', {}, unit.job);
  const choices = unitChoices(order, unit, changed);
  const row = element('tr', {},
    cell(ofKind('Video', order), String(unit.video)),
    cell('State', badge(unit.state)),
    cell('File', file || link, file && link ? ' ' : null, file ? link : null),
    cell('Made by', [unit.generator, unit.cost].filter(Boolean).join(', ')),
    cell('Attempts', String(unit.attempt)),
    cell('Next attempt', unit.retry && moment(unit.retry)));
  if (!choices) return [row];
  return [row, element('tr.choose', {}, element('td.acts', { colspan: '6' }, choices))];
}

export function unitTable(told, changed) {
  const unit = ofKind('Video', told.order);
  const heads = [unit, 'State', 'File', 'Made by', 'Attempts', 'Next attempt'];
  return element('section.card.table', {}, element('h2', {}, `${unit}s`), element('table', {},
    element('thead', {}, element('tr', {}, heads.map((head) =>
      element('th', { scope: 'col' }, head)))),
    element('tbody', {}, told.units.flatMap((unit) =>
      unitRow(unit, told.order, changed)))));
}

const fact = (name, ...value) => element('div', {}, element('dt', {}, name),
  element('dd', {}, ...value));

// What it is called in the shop, as far as that is known, and its price's id.
function bought({ quantity, price }) {
  const title = face.products?.[price];
  return title ? [`${quantity} × ${title} `, element('code.soft', {}, price)]
    : [`${quantity} × ${price}`];
}

export function facts({ order, margin }) {
  return element('dl.facts', {},
    fact('Amount', money(order.amount, order.currency)),
    ...(margin ? [fact('Margin', margin)] : []),
    fact('Bought', ...bought(order)),
    fact('Tool', order.tool),
    fact('Created', moment(order.created)),
    fact('Paid', moment(order.paid)),
    fact('Mode', order.livemode ? 'live' : 'test'));
}

// What somebody who answers the buyer needs.
export function buyer({ id, records: { session } }) {
  return element('section.card', {}, element('h2', {}, 'The buyer'), element('dl.facts.buyer', {},
    fact('E-mail', session?.customerEmail || '–'),
    ...(session?.reference ? [fact('Reference', session.reference)] : []),
    ...Object.entries(session?.metadata ?? {}).map(([name, text]) => fact(name, text)),
    fact('Sees', outside(`/payment-success/${encodeURIComponent(id)}`, 'The buyer\'s page')),
    element('div.prompt', {}, element('dt', {}, 'Prompt'),
      element('dd', {}, session?.prompt || '–'))));
}

const over = ['done', 'expired', 'unpaid'];
export const isOver = ({ state }) => over.includes(state);

function nowHeading({ state, held }) {
  if (isOver({ state })) return 'How it ended';
  return held ? 'Waits for your decision' : 'What it waits for';
}

export function waitsFor(told, changed) {
  const links = told.links.map(({ name, url }) => outside(url, `${name} at Stripe`));
  return element(`section.card.why.${told.order.held ? 'held' : 'calm'}`, {},
    element('h2', {}, nowHeading(told.order)),
    element('ul.said', {}, told.words.map((words) => element('li', {}, ...withMoments(words)))),
    choicesOf(told, changed), element('p.links', {}, links));
}

export function unreadable(told) {
  return element('section.notice.warn', {},
    element('p', {}, ...withMoments(`What is owed cannot be read: ${told.problem}.`)),
    element('p', {}, 'Search it at Stripe, which knows whether it was paid; ',
      element('code', {}, 'claimcheck audit'), ' tells what was paid and is not owed here.'),
    element('p', {}, outside(stripeSearch(told.id), 'Checkout Session at Stripe')));
}

export function records({ records: stored }) {
  const part = (name, value) => element('details', {}, element('summary', {}, name),
    element('pre', { tabindex: '0' }, JSON.stringify(value, null, 2)));
  return element('section.card', {}, element('h2', {}, 'Records as they are stored'),
    part('Claim: what is owed', stored.claim), part('Session value: what the buyer sees',
      stored.session), part('Steps', stored.history));
}
