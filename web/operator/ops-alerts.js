// What a person is called for, above all else, in one list: the open alerts, and settings that look
// wrong and are no alert yet. Each says what, since when and what to do. An alert that has a banner
// with a button of its own is left to that.
import { element } from '../shared/dom.js';
import { moment } from './ops-time.js';

// The alerts that these members of `now` have banners for.
const bannerOf = { refunds_stopped: 'refundsStopped', generator_away: 'generatorAway',
  disputes: 'disputed', clock: 'clockWrong', checkout_paused: 'checkoutPaused' };

export function calls({ alerts = [], setup = [], ...now }) {
  const hasBanner = (name) => Boolean(now[bannerOf[name]]);
  const told = new Set(alerts.map(({ alert }) => alert));
  return {
    alerts: alerts.filter(({ alert }) => !hasBanner(alert)),
    faults: setup.filter(({ fault }) => !hasBanner(fault) && !told.has(fault)),
  };
}

// The page of an alert is one of this page's views.
const view = (page) => page.slice(page.indexOf('#'));

function alertLine({ title, what, since, todo, page }) {
  const place = view(page);
  const words = place === '#/' ? title : element('a', { href: place }, title);
  return element('p', {}, element('strong', {}, words), ', ', moment(since), `: ${what} ${todo}`);
}

function setupLine(faults) {
  return element('p.setup', {}, element('strong', {}, 'Setup: '),
    faults.map(({ why }) => why).join('; '), '. “claimcheck doctor” says what to set.');
}

export function callList({ alerts, faults }) {
  const bad = faults.length > 0 || alerts.some(({ severity }) => severity === 'urgent');
  return element(`section.notice.alerts${bad ? '.bad' : '.warn'}`, {
    role: bad ? 'alert' : 'status', 'aria-label': 'Alerts' },
  alerts.map(alertLine), faults.length > 0 ? setupLine(faults) : '');
}
