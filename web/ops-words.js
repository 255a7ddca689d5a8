// The server's words as people read them: videos counted from 1, moments by the clock of whoever
// reads, sentences from their capital to their stop.
import { clockTime, moment } from './ops-time.js';

// The server speaks of units from 0: "unit 0", "units 0, 1".
export function counted(text) {
  const fromOne = (numbers) => numbers.replace(/\d+/g, (index) => String(Number(index) + 1));
  return text.replace(/\bunit(s \d+(?:, \d+)*|\s\d+)/g, (_, rest) => `video${fromOne(rest)}`);
}

export function sentence(text) {
  const whole = counted(text.trim());
  const stopped = /[.!?…]$/.test(whole) ? whole : `${whole}.`;
  return stopped.charAt(0).toUpperCase() + stopped.slice(1);
}

// A text with its moments, "2026-11-25T15:09:43.306Z", as nodes of a page.
export function withMoments(text) {
  return counted(text).split(/(\d{4}-\d\d-\d\dT[\d:.]+Z)/).flatMap((part, i) =>
    (i % 2 === 0 ? [part] : [clockTime(part), ' (', moment(part), ')']));
}

// Session ids tell in which mode of Stripe they were made.
export const modeOf = (id) => (id.startsWith('cs_live_') ? 'live' : 'test');
export const stripeSearch = (id) => `https://dashboard.stripe.com/` +
  `${modeOf(id) === 'live' ? '' : 'test/'}search?query=${encodeURIComponent(id)}`;
