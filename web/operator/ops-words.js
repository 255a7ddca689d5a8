// The server's words as people read them: moments by the reader's clock, sentences from
// their capital to their stop. Nothing in them is reworded. And our words for what was bought.
import { clockTime, moment } from './ops-time.js';

export function sentence(text) {
  const whole = text.trim();
  const stopped = /[.!?…]$/.test(whole) ? whole : `${whole}.`;
  return stopped.charAt(0).toUpperCase() + stopped.slice(1);
}

// A text with its moments, "2026-11-25T15:09:43.306Z", as nodes of a page.
export function withMoments(text) {
  return text.split(/(\d{4}-\d\d-\d\dT[\d:.]+Z)/).flatMap((part, i) =>
    (i % 2 === 0 ? [part] : [clockTime(part), ' (', moment(part), ')']));
}

// What an order's page says of videos, said of what this order is about. Operators' commands, the
// stored history and the counts of all orders keep the word: it is the name of a unit there.
const kindWords = { image: 'image', audio: 'audio file' };
export const kindWord = ({ media }) => kindWords[media] ?? 'video';
export function ofKind(text, order) {
  const word = kindWord(order);
  const begins = word.charAt(0).toUpperCase() + word.slice(1);
  return text.replaceAll('video', word).replaceAll('Video', begins);
}

// Session ids tell in which mode of Stripe they were made.
export const modeOf = (id) => (id.startsWith('cs_live_') ? 'live' : 'test');
export const stripeSearch = (id) => `https://dashboard.stripe.com/` +
  `${modeOf(id) === 'live' ? '' : 'test/'}search?query=${encodeURIComponent(id)}`;
