// The history of one order, the latest first: what happened to one video, or to the order itself,
// within a short time is one entry.
import { words } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { clockTime, moment } from './ops-time.js';
import { ofKind } from './ops-words.js';

const togetherMs = 10000;
const kinds = ['held', 'refund', 'deliver', 'fail', 'paid', 'expired', 'running', 'open'];
const reasons = {
  submit: 'its request goes to the generator',
  'find what was delivered': 'the generator is asked for what was delivered',
};

// "video 2 running" is of video 2; everything else is of the order.
const place = /^(video \d+) (.*)$/;
function read({ when, from, to, why }, at) {
  const of = place.exec(to);
  const state = (text) => words[text.replace(place, '$2')] || text.replace(place, '$2');
  return { at, when, of: of ? of[1] : '', from: state(from), to: state(to), last: to,
    why: reasons[why] || why };
}

// Neighbours in time, not in the list: videos take turns. A person's decision stays apart.
export function entriesOf(lines) {
  const entries = [];
  for (const line of lines.map(read)) {
    const near = (entry) => entry.of === line.of && !line.why.startsWith('operator') &&
      new Date(line.when) - new Date(entry.steps[0].when) <= togetherMs;
    const entry = entries.findLast(({ of }) => of === line.of);
    if (entry && near(entry)) entry.steps.push(line);
    else entries.push({ of: line.of, steps: [line] });
  }
  const end = ({ steps }) => steps.at(-1).at;
  return entries.sort((one, other) => end(one) - end(other));
}

function entry({ of, steps }, order) {
  const last = steps.at(-1);
  const kind = kinds.find((one) => last.last.includes(one)) || 'other';
  const states = [steps[0].from, ...steps.map(({ to }) => to)].filter((one, i, all) =>
    one && one !== all[i - 1]);
  const name = of && ofKind(`${of.charAt(0).toUpperCase()}${of.slice(1)}: `, order);
  const why = steps.map((step) => step.why).filter((one, i, all) => one !== all[i - 1]);
  return element(`li.${kind}`, {},
    element('p.change', {}, name, states.join(' → '),
      element('span.soft', {}, ' ', moment(last.when))),
    element('p', {}, why.join('; ')), element('p.soft.small', {}, clockTime(last.when)));
}

export function historyOf(lines, order) {
  return element('section.card', {}, element('h2', {}, 'History'),
    element('ol.timeline', {}, entriesOf(lines).map((one) => entry(one, order)).reverse()));
}
