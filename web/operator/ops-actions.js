// What an operator can do to an order: a button for what the server says is possible, with what it
// does and costs beside it; a question before it is done with room for a note, and the server's
// word when it refuses.
import { api } from './ops-api.js';
import { confirm } from './ops-dialog.js';
import { money, plural } from './ops-dom.js';
import { mayAct } from './ops-role.js';
import { kindWord, ofKind } from './ops-words.js';
import { element } from '../shared/dom.js';

const unitActions = {
  retry: {
    name: 'Try again',
    text: 'The generator is asked again for what was ordered there. Costs a generation only if ' +
      'nothing is found.',
    // The server names a retry after "Make anew" when the same job would be asked for.
    second: 'The generator is asked again about the same failed job. Costs nothing, and will ' +
      'most likely end the same way.',
  },
  resubmit: {
    name: 'Make anew',
    text: 'The video is ordered from the generator once more. Costs one generation, and the ' +
      'buyer nothing.',
  },
  deliver: {
    name: 'Deliver by hand', url: true,
    text: 'The buyer gets the video at an address that you give. Costs nothing; the video can ' +
      'not be refunded here any more.',
  },
  refund: {
    name: 'Refund', danger: true,
    text: 'The price of this video goes back to the buyer. This cannot be undone.',
    share: (sum) => `${sum} goes back to the buyer. This cannot be undone.`,
  },
};
const orderActions = {
  look: {
    name: 'Look now',
    text: 'Stripe and the generator are asked now, not only at the next planned time. Costs ' +
      'nothing.',
  },
  retry: {
    name: 'Try all again',
    text: 'The generator is asked again for every video that failed or is held. Costs a ' +
      'generation only where nothing is found.',
  },
  refund: {
    name: 'Refund all', danger: true, all: true,
    text: 'The price of every video that is not delivered goes back to the buyer. ' +
      'This cannot be undone.',
  },
  erase: {
    name: 'Erase personal data', danger: true,
    text: 'Prompt and e-mail address are removed. Money and history stay. This cannot be undone.',
  },
};

function button({ action, key, title, kind }, order, given, changed) {
  return element(`button.small${kind}${action.danger ? '.danger' : ''}`, {
    type: 'button', 'data-act': `${key} ${given.unit ?? ''}`,
    onclick: () => confirm({ ...action, title }, async (asked) => {
      await api.act(order.id, { action: key, ...given, ...asked });
      await changed();
    }),
  }, action.name);
}

const choice = (made, text) => element('li', {}, made, element('span.soft.small', {}, text));

// The first is the one that helps, so it looks like it; money is sent back by no first click.
export function unitChoices(order, unit, changed) {
  const share = money(unit.amount, order.currency);
  if (unit.actions.length === 0 || !mayAct()) return null;
  return element('ul.choices', {}, unit.actions.map((key, i) => {
    const { second, ...known } = unitActions[key];
    const text = ofKind(known.share?.(share) ?? (i > 0 && second ? second : known.text), order);
    const action = { ...known, text };
    const title = `${action.name}: ${kindWord(order)} ${unit.video}` +
      `${key === 'refund' ? `, ${share}` : ''}`;
    const kind = i === 0 && !action.danger ? '' : '.plain';
    return choice(button({ action, key, title, kind }, order, { unit: unit.unit }, changed), text);
  }));
}

// As "Refund all: 2 videos, $2.00": what is neither delivered nor on its way back.
function refundTitle(name, { order, units }) {
  const left = units.filter((unit) => unit.actions.includes('refund'));
  const sum = left.reduce((total, unit) => total + unit.amount, 0);
  return `${name}: ${plural(left.length, kindWord(order))}, ${money(sum, order.currency)}`;
}

// What a single video's own button does is not offered twice.
function orderChoices(told, changed) {
  const { order, actions } = told;
  const twice = (key) => order.units.length === 1 && unitActions[key] && order.paid;
  return actions.filter((key) => !twice(key)).map((key) => {
    const action = { ...orderActions[key], text: ofKind(orderActions[key].text, order) };
    const title = action.all ? refundTitle(action.name, told) : action.name;
    const made = button({ action, key, title, kind: '.plain' }, order,
      action.all ? { all: true } : {}, changed);
    return choice(made, action.text);
  });
}

// One cause often holds many: a wrong key, a tool that was not configured.
function retryHeldChoice({ order }, changed) {
  if (order.state !== 'held' || !order.reason) return [];
  const text = `Every order that is held since “${order.reason}” goes on where it stands.`;
  return [choice(element('button.plain.small', { type: 'button', 'data-act': 'retry-held',
    onclick: () => confirm({
      title: 'Try all held for this reason again', name: 'Try them again', noted: false, text,
    }, async () => {
      await api.retryHeld(order.reason);
      await changed();
    }) }, 'Try all held for this reason'), text)];
}

export const choicesOf = (told, changed) => element('ul.choices', {},
  ...(mayAct() ? [orderChoices(told, changed), retryHeldChoice(told, changed)] : []));

export function confirmRelease(changed) {
  confirm({
    title: 'Let automatic refunds go on', name: 'Let them go on', noted: false,
    text: 'Refunds were stopped because there were too many. Counting begins anew, and ' +
      'refunds that wait go on within five minutes.',
  }, async () => {
    await api.releaseRefunds();
    await changed();
  });
}
