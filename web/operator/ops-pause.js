// The pause in which no new checkouts are opened: a banner while there is one, with the way out of
// it, and the way into one for a person who sees that cards are tested.
import { api } from './ops-api.js';
import { confirm } from './ops-dialog.js';
import { ifMayAct, mayAct } from './ops-role.js';
import { element } from '../shared/dom.js';
import { moment } from './ops-time.js';

function confirmResume(changed) {
  confirm({
    title: 'Open new checkouts again', name: 'Open them again', noted: false,
    text: 'Buyers can order again at once. Declined cards are counted anew.',
  }, async () => {
    await api.resumeCheckout();
    await changed();
  });
}

function confirmPause(changed) {
  confirm({
    title: 'Pause new checkouts', name: 'Pause them', noted: false, danger: true,
    text: 'Nobody can order until somebody opens new checkouts again. Orders that exist go on: ' +
      'what is open can be paid, what is paid is made.',
  }, async () => {
    await api.pauseCheckout();
    await changed();
  });
}

const byCards = (until) => ['many cards were declined in a short time, which looks like card ' +
  'testing. It ends ', moment(until), ' if no further card is declined'];

export function pausedBanner({ since, until, by }, changed) {
  return element('div.notice.bad.row', { role: 'alert' },
    element('div', {}, element('strong', {}, 'New checkouts are paused: '),
      ...(by ? [`by ${by}`] : byCards(until)), ', since ', moment(since),
      '. Orders that exist go on.'),
    until ? ifMayAct(pauseButton(changed, 'Keep them paused')) : '',
    ifMayAct(element('button', { type: 'button', 'data-act': 'resume-checkout',
      onclick: () => confirmResume(changed) }, 'Open them again')));
}

export function pauseButton(changed, words = 'Pause new checkouts…') {
  return element('button.plain.small', { type: 'button', 'data-act': 'pause-checkout',
    onclick: () => confirmPause(changed) }, words);
}

// At the foot of the overview; a pause has its own buttons in its banner.
export const pauseFoot = (paused, changed) =>
  (paused || !mayAct() ? [] : [element('p', {}, pauseButton(changed))]);
