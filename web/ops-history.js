// The history of one order, the latest first.
import { element, plural } from './ops-dom.js';
import { clockTime, moment } from './ops-time.js';
import { counted } from './ops-words.js';

const kinds = ['held', 'refund', 'deliver', 'fail', 'paid', 'expired', 'running', 'open'];
const reasons = {
  submit: 'its request goes to the generator',
  'find what was delivered': 'the generator is asked for what was delivered',
};

// The step of a video may be the one with which the whole order changes; what the order waits for
// then is not the reason of this step.
function reason(why, to) {
  const said = counted(reasons[why] || why);
  const others = /^unit \d+ (?!held).*, order held$/.test(to);
  return others ? `${said}; the order now waits for a person, for its held videos` : said;
}

function step({ when, from, to, why }) {
  const [own] = to.split(', order ');
  const kind = kinds.find((one) => own.includes(one)) || 'other';
  const change = from === to || from === '' ? counted(to) : `${counted(from)} → ${counted(to)}`;
  return element(`li.${kind}`, {},
    element('p.change', {}, change, element('span.soft', {}, ' ', moment(when))),
    element('p', {}, reason(why, to)), element('p.soft.small', {}, clockTime(when)));
}

export function historyOf(lines) {
  return element('section.card', {}, element('h2', {}, 'History'),
    element('p.soft.small', {}, plural(lines.length, 'step')),
    element('ol.timeline', {}, lines.map(step).reverse()));
}
