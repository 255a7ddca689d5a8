// Moments as people say them: "3 min ago", by the server's clock, not this machine's. They stay
// true on a page that is not made anew: refreshMoments() says all of them again.
import { span } from './ops-dom.js';
import { element } from '../shared/dom.js';

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const short = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
let aheadMs = 0;  // the server's clock of this one

export function setNow(iso) { aheadMs = new Date(iso) - Date.now(); }

function said(iso) {
  const seconds = (new Date(iso) - Date.now() - aheadMs) / 1000;
  if (Math.abs(seconds) < 1) return 'now';
  return seconds > 0 ? `in ${span(seconds)}` : `${span(-seconds)} ago`;
}

// With the moment itself as its title.
export function moment(iso) {
  if (!iso) return element('span.soft', {}, '–');
  return element('time', { datetime: iso, title: absolute.format(new Date(iso)) }, said(iso));
}
export const clockTime = (iso) => absolute.format(new Date(iso));
export const clockNow = () => short.format(Date.now());

export function refreshMoments(root = document) {
  for (const one of root.querySelectorAll('time')) {
    const text = said(one.dateTime);
    if (one.textContent !== text) one.textContent = text;
  }
}
