// The history of one order, the latest first.
import { plural } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { clockTime, moment } from './ops-time.js';

const kinds = ['held', 'refund', 'deliver', 'fail', 'paid', 'expired', 'running', 'open'];
const reasons = {
  submit: 'its request goes to the generator',
  'find what was delivered': 'the generator is asked for what was delivered',
};

function step({ when, from, to, why }) {
  const kind = kinds.find((one) => to.includes(one)) || 'other';
  const change = from === to || from === '' ? to : `${from} → ${to}`;
  return element(`li.${kind}`, {},
    element('p.change', {}, change, element('span.soft', {}, ' ', moment(when))),
    element('p', {}, reasons[why] || why), element('p.soft.small', {}, clockTime(when)));
}

export function historyOf(lines) {
  return element('section.card', {}, element('h2', {}, 'History'),
    element('p.soft.small', {}, plural(lines.length, 'step')),
    element('ol.timeline', {}, lines.map(step).reverse()));
}
