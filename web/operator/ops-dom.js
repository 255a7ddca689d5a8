// Small pieces that every view is made of. Text only ever goes in as text, never as markup.
import { element } from '../shared/dom.js';
import { money as written } from '../shared/money.js';

export const byId = (id) => document.getElementById(id);

// Another site's page, or the buyer's: beside this one.
export const outside = (url, text) => element('a', {
  href: url, rel: 'noreferrer noopener', target: '_blank' }, `${text} ↗`);

export const words = {
  open: 'Waiting for payment', paid: 'In progress', done: 'Done', expired: 'Expired',
  unpaid: 'Payment failed', held: 'Held', waiting: 'Waiting', submitting: 'Being submitted',
  running: 'Being made', copying: 'Being stored',
  editable: 'Waits for the buyer', ready: 'Made', failed: 'Failed',
  delivered: 'Delivered',
  refunding: 'Refund under way', refunded: 'Refunded', unreadable: 'Unreadable',
  disputed: 'Disputed', delayed: 'Delayed', prompt_refused: 'Prompt refused',
};

export const badge = (state) => element(`span.badge.${state}`, {}, words[state] || state);

// The order's state says too little: what became of its videos.
export function orderBadges({ state, held, units, problem, dispute }) {
  if (problem) return [badge('unreadable')];
  const own = state === 'done' ? [] : [state];
  if (held && state !== 'held') own.push('held');
  const ended = ['delivered', 'refunded'].filter((one) => units.includes(one));
  if (dispute) ended.push('disputed');
  return [...own, ...ended].map(badge);
}

export const money = (amount, currency) =>
  (currency ? written({ amount, currency }, navigator.language) : '–');

const numbers = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const small = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
// What is rare is not nothing.
export const number = (value) => (Math.abs(value) < 0.1 ? small : numbers).format(value);

function minutesAndSeconds(whole) {
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}

export function span(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 600) return minutesAndSeconds(Math.round(seconds));
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export function notice(text, kind = 'soft') {
  return element(`p.notice.${kind}`, { role: kind === 'bad' ? 'alert' : null }, text);
}

const copiedMs = 2000;
// Of what stands in `source`. Without TLS a page may not copy: the text is selected instead.
export async function copy(source, button) {
  const told = (word) => {
    button.textContent = word;
    setTimeout(() => { button.textContent = 'Copy'; }, copiedMs);
  };
  try {
    await navigator.clipboard.writeText(source.textContent);
    told('Copied');
  } catch {
    getSelection().selectAllChildren(source);
    told('Selected');
  }
}
