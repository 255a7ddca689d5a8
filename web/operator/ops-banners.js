// What cannot wait, above all else: the list of what a person is called for, clocks that do not
// agree, refunds that are stopped, a generator that is away, banks that await an answer. One banner
// each, whatever waits behind it.
import { api } from './ops-api.js';
import { confirmRelease } from './ops-actions.js';
import { callList, calls } from './ops-alerts.js';
import { confirm } from './ops-dialog.js';
import { plural } from './ops-dom.js';
import { pauseFoot, pausedBanner } from './ops-pause.js';
import { ifMayAct } from './ops-role.js';
import { element } from '../shared/dom.js';
import { moment } from './ops-time.js';

const workingOrders = () => element('a', { href: '#/orders/working' }, 'orders in progress');

function stoppedBanner(stopped, changed) {
  return element('div.notice.bad.row', { role: 'alert' },
    element('div', {}, element('strong', {}, 'Automatic refunds are stopped: '),
      `${stopped.reason}, `, moment(stopped.since), '. What cannot be made waits among the ',
      workingOrders(), '.'),
    ifMayAct(element('button', { type: 'button', onclick: () => confirmRelease(changed) },
      'Let them go on')));
}

function confirmRefundAll(away, changed) {
  confirm({
    title: `Refund ${plural(away.waiting, 'video that waits', 'videos that wait')}`,
    name: 'Refund them', danger: true,
    text: 'Every video that waits for the generator now is given up, and what was paid for it ' +
      'goes back. This cannot be undone.',
  }, async ({ note }) => {
    let told;
    do told = await api.refundWaiting(note); while (told.more);
    await changed();
  });
}

// A person who has decided to wait is not asked again about the same outage.
const waitsSince = () => sessionStorage.getItem('waits-since');
function goOnWaiting(away, changed) {
  sessionStorage.setItem('waits-since', away.since);
  return changed();
}

function awayBanner(away, changed) {
  const decided = waitsSince() === away.since;
  return element('div.notice.row', { role: decided ? 'status' : 'alert' },
    element('div', {}, element('strong', {}, 'The generator is away: '),
      `${away.reason}, since `, moment(away.since),
      `. ${plural(away.waiting, 'video waits', 'videos wait')} among the `, workingOrders(),
      ' and go on by themselves when it is back.'),
    decided ? '' : ifMayAct(element('button', {
      type: 'button', onclick: () => goOnWaiting(away, changed) }, 'Go on waiting')),
    ifMayAct(element('button.danger', {
      type: 'button', onclick: () => confirmRefundAll(away, changed) }, 'Refund all…')));
}

function clockBanner() {
  return element('div.notice.bad', { role: 'alert' },
    element('strong', {}, 'The clocks do not agree: '),
    'those of Redis, of this machine and of Stripe. Orders go on, but none ends by a deadline ' +
    'until they do. “claimcheck doctor” says which is wrong.');
}

function disputedBanner({ count, answerBy }) {
  return element('div.notice.bad', { role: 'alert' },
    element('strong', {}, `${plural(count, 'payment is', 'payments are')} disputed: `),
    'without an answer the bank takes the money back. The first is due ', moment(answerBy),
    '. ', element('a', { href: '#/orders/disputed' }, 'Disputed orders'),
    ' have the evidence ready to copy.');
}

export class Banners {
  constructor(changed) {
    this.changed = changed;
    this.root = element('div.banners');
    this.foot = element('div');
  }

  show(now) {
    const { refundsStopped: stopped, generatorAway: away, clockWrong, disputed,
      checkoutPaused: paused } = now;
    const called = calls(now);
    const told = JSON.stringify([stopped, away, clockWrong, disputed, called, paused,
      waitsSince()]);
    if (told === this.told) return;  // the keyboard may stand in it
    this.told = told;
    this.foot.replaceChildren(...pauseFoot(paused, this.changed));
    this.root.replaceChildren(
      ...(called.alerts.length + called.faults.length > 0 ? [callList(called)] : []),
      ...(clockWrong ? [clockBanner()] : []),
      ...(disputed ? [disputedBanner(disputed)] : []),
      ...(paused ? [pausedBanner(paused, this.changed)] : []),
      ...(stopped ? [stoppedBanner(stopped, this.changed)] : []),
      ...(away ? [awayBanner(away, this.changed)] : []));
  }
}
