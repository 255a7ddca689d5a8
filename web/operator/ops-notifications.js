// What shop and buyers are told: what was given up, to be tried again, and what waits.
import { api } from './ops-api.js';
import { confirm } from './ops-dialog.js';
import { badge, notice, plural } from './ops-dom.js';
import { mayAct } from './ops-role.js';
import { element } from '../shared/dom.js';
import { orderLink } from './ops-table.js';
import { moment } from './ops-time.js';

const states = { dead: 'Given up', waiting: 'Waiting' };
const ways = { webhook: 'To the shop', mail: 'To the buyer' };
const wayOf = ({ way, alert }) => (alert && way === 'mail' ? 'To the operators' : ways[way]);
const off = 'Off: no notification is sent, since neither CLAIMCHECK_NOTIFY_URL nor ' +
  'CLAIMCHECK_SMTP_URL is set.';
const nothing = { dead: 'Nothing was given up.', waiting: 'Nothing waits to be told.' };

function answered({ lastStatus, lastAttemptAt }) {
  if (!lastAttemptAt) return '–';
  return lastStatus === 0 ? 'none' : String(lastStatus);
}

export class Notifications {
  constructor(root, state) {
    this.state = Object.hasOwn(states, state) ? state : 'dead';
    this.title = 'Notifications';
    this.refreshMs = 10000;
    this.said = element('p', { role: 'status' });
    this.list = element('div', {}, notice('Looking …'));
    const pill = ([name, words]) => element('a', {
      href: `#/notifications/${name}`,
      'aria-current': name === this.state ? 'true' : null,
    }, words);
    root.replaceChildren(element('h1', { tabindex: '-1' }, 'Notifications'),
      element('nav.pills', { 'aria-label': 'Filter' }, Object.entries(states).map(pill)),
      this.said, this.list);
  }

  async refresh() {
    const told = await api.notifications(this.state);
    const seen = JSON.stringify(told);
    if (seen === this.seen) return;  // the keyboard may stand in it
    this.seen = seen;
    this.show(told.notifications, told.ways);
  }

  show(letters, configured) {
    const parts = [];
    if (configured.length === 0) parts.push(notice(off));
    if (letters.length > 0) parts.push(this.table(letters), this.foot(letters));
    else if (configured.length > 0) parts.push(notice(nothing[this.state], 'good'));
    this.list.replaceChildren(...parts);
  }

  table(letters) {
    const heads = ['Notification', 'Order', 'Channel', 'Since', 'Attempts', 'Last answer', 'Why'];
    if (this.canRetry()) heads.push('Actions');
    return element('div.card.table', {}, element('table', {},
      element('thead', {}, element('tr', {}, heads.map((head) =>
        element('th', { scope: 'col' }, head)))),
      element('tbody', {}, letters.map((letter) => this.row(letter)))));
  }

  row(letter) {
    const cell = (label, ...what) => element('td', { 'data-label': label },
      element('span', {}, ...what));
    const cells = [
      cell('Notification', badge(letter.type.replace('order.', ''))),
      cell('Order', letter.alert ? `Alert: ${letter.alert}` : orderLink(letter.sessionId)),
      cell('Channel', wayOf(letter)),
      cell('Since', moment(letter.createdAt)),
      cell('Attempts', String(letter.attempts)),
      cell('Last answer', answered(letter)),
      element('td.reason', { 'data-label': 'Why' }, letter.lastWhy || '–'),
    ];
    if (this.canRetry()) {
      cells.push(element('td', { 'data-label': 'Actions' }, this.again(letter)));
    }
    return element('tr', {}, cells);
  }

  canRetry() { return this.state === 'dead' && mayAct(); }

  again(letter) {
    return element('button.plain.small', {
      type: 'button', 'data-act': letter.id,
      onclick: () => confirm({
        title: 'Try again', name: 'Try again', noted: false,
        text: `This news is sent again now, under the same id: ${letter.type}.`,
      }, async () => {
        await api.retryNotification(letter.id);
        await this.changed('It is tried again.');
      }),
    }, 'Try again');
  }

  foot(letters) {
    const foot = element('p.foot.soft', {}, plural(letters.length, 'notification'));
    if (this.canRetry()) {
      foot.append(element('button.plain', {
        type: 'button', 'data-act': 'all',
        onclick: () => confirm({
          title: 'Try all again', name: 'Try all again', noted: false,
          text: 'Everything that was given up is sent again now, each under its own id.',
        }, async () => {
          const { retried, more } = await api.retryNotifications();
          await this.changed(`${plural(retried, 'notification')} tried again` +
            (more ? '; there are more: try all again once more.' : '.'));
        }),
      }, 'Try all again'));
    }
    return foot;
  }

  changed(words) {
    this.said.textContent = words;
    return this.refresh();
  }

  end() {}
}
