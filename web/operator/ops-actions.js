// What an operator can do to an order: a button for what the server says is possible, a question
// before it is done with room for a note, and the server's word when it refuses.
import { api } from './ops-api.js';
import { confirm } from './ops-dialog.js';
import { money, plural } from './ops-dom.js';
import { element } from '../shared/dom.js';

const unitActions = {
  retry: {
    name: 'Try again',
    text: 'Goes on where it stands: its job is asked for, or its request looked up, before ' +
      'anything is made anew.',
  },
  resubmit: {
    name: 'Make anew', danger: true,
    text: 'One more generation is bought, also when all attempts are used up.',
  },
  deliver: {
    name: 'Deliver by hand', url: true,
    text: 'The buyer gets the video at this address; Stripe\'s books say delivered.',
  },
  refund: {
    name: 'Refund', danger: true,
    text: 'The price of this video goes back to the buyer. This cannot be undone.',
  },
};
const orderActions = {
  look: { name: 'Look now', text: 'A worker looks at the order at once.' },
  retry: {
    name: 'Try all again',
    text: 'What failed or is held goes on where it stands; nothing is made anew that is found.',
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

function button({ action, key, title, small }, order, given, changed) {
  return element(`button.plain${small ? '.small' : ''}${action.danger ? '.danger' : ''}`, {
    type: 'button', 'data-act': `${key} ${given.unit ?? ''}`,
    onclick: () => confirm({ ...action, title }, async (asked) => {
      await api.act(order.id, { action: key, ...given, ...asked });
      await changed();
    }),
  }, action.name);
}

export function unitButtons(order, unit, changed) {
  const share = money(unit.amount, order.currency);
  return unit.actions.map((key) => {
    const action = unitActions[key];
    const title = `${action.name}: video ${unit.video}${key === 'refund' ? `, ${share}` : ''}`;
    return button({ action, key, title, small: true }, order, { unit: unit.unit }, changed);
  });
}

// As "Refund all: 2 videos, $2.00": what is neither delivered nor on its way back.
function refundTitle(name, { order, units }) {
  const left = units.filter((unit) => unit.actions.includes('refund'));
  const sum = left.reduce((total, unit) => total + unit.amount, 0);
  return `${name}: ${plural(left.length, 'video')}, ${money(sum, order.currency)}`;
}

// What a single video's own button does is not offered twice.
export function orderButtons(told, changed) {
  const { order, actions } = told;
  const twice = (key) => order.units.length === 1 && unitActions[key] && order.paid;
  return actions.filter((key) => !twice(key)).map((key) => {
    const action = orderActions[key];
    const title = action.all ? refundTitle(action.name, told) : action.name;
    return button({ action, key, title }, order, action.all ? { all: true } : {}, changed);
  });
}

// One cause often holds many: a wrong key, a tool that was not configured.
export function retryHeldButton({ order }, changed) {
  if (order.state !== 'held' || !order.reason) return [];
  return [element('button.plain', { type: 'button', 'data-act': 'retry-held',
    onclick: () => confirm({
      title: 'Try all held for this reason again', name: 'Try them again', noted: false,
      text: `Every order that is held since "${order.reason}" goes on where it stands.`,
    }, async () => {
      await api.retryHeld(order.reason);
      await changed();
    }) }, 'Try all held for this reason')];
}

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
