// One line for each generator, on the overview of a shop that has several or one with limits: is it
// away, how many jobs does it have, how many videos wait.
import { number } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { moment } from './ops-time.js';

// The colours of the badges are those of the states of orders.
function badge({ away, waiting }) {
  if (away) return element('span.badge.failed', {}, 'Away');
  return waiting > 0 ? element('span.badge.delayed', {}, 'Has a line')
    : element('span.badge.delivered', {}, 'Takes orders');
}

function line(one) {
  const { name, running, waiting, away, since } = one;
  const much = [...(running === null ? [] : [`${number(running)} being made`]),
    ...(running === null && waiting === 0 ? [] : [`${number(waiting)} waiting`])];
  return element('li', {}, element('strong', {}, name), ' ', badge(one), ' ',
    element('span.soft', {}, much.join(', '),
      ...(away ? [`${much.length > 0 ? '; ' : ''}${away}, since `, moment(since)] : [])));
}

export class Generators {
  constructor() {
    this.list = element('ul.generators');
    this.root = element('section', { 'aria-labelledby': 'generators-title', hidden: true },
      element('h2', { id: 'generators-title' }, 'Generators'),
      element('div.card', {}, this.list));
  }

  feed(generators = []) {
    const told = JSON.stringify(generators);
    if (told === this.told) return;
    this.told = told;
    this.root.hidden = generators.length === 0;
    this.list.replaceChildren(...generators.map(line));
  }
}
