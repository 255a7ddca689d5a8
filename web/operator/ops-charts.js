// What the charts of the overview show: for each its lines, and what its legend says of the whole
// range while nobody points at a moment: counts and shares, since nobody thinks in orders per
// minute. `failed`: whose calls; such a chart is one line while there are none.
import { number, span } from './ops-dom.js';

const all = (counts) => counts.reduce((total, one) => total + one, 0);

// Of the last bucket only a part has passed. Too short a part says nothing.
const lastLeast = 0.5;
const perMinute = (name) => ({
  of: ({ series, step_s: step, from, now }) => series[name].map((count, i) => {
    const passed = Math.min(step, now - from - i * step);
    return passed < lastLeast * step ? null : count * 60 / passed;
  }),
  over: ({ series }) => all(series[name]),
});
const paidShare = ({ series }) => {
  const [started, paid] = [all(series.created), all(series.paid)];
  return started > 0 ? ` (${Math.round(100 * paid / started)} %)` : '';
};
const sum = (...series) => ({
  of: ({ series: counts }) =>
    counts[series[0]].map((_, i) => all(series.map((name) => counts[name][i]))),
  over: ({ series: counts }) => all(series.map((name) => all(counts[name]))),
});
const mean = (ms, count) => {
  const seconds = (total, many) => (many > 0 ? total / many / 1000 : null);
  return {
    of: ({ series }) => series[ms].map((total, i) => seconds(total, series[count][i])),
    over: ({ series }) => seconds(all(series[ms]), all(series[count])),
  };
};
const count = (value) => (value === null ? '–' : number(value));

const failures = { show: count, over: 'total', whole: true };

export const charts = [
  { title: 'Orders per minute', show: count, over: 'total', lines: [
    { name: 'started', colour: 'soft', ...perMinute('created') },
    { name: 'paid', colour: 'accent', beside: paidShare, ...perMinute('paid') }] },
  { title: 'Videos', show: count, over: 'total', whole: true, lines: [
    { name: 'delivered', colour: 'good', ...sum('delivered') },
    { name: 'refunded', colour: 'warn', ...sum('refunded') },
    { name: 'held', colour: 'bad', ...sum('held_videos') }] },
  { title: 'Time to delivery', show: span, over: 'mean', spans: true, lines: [
    { name: 'payment to last video', colour: 'accent', ...mean('delivery_ms', 'deliveries') }] },
  { title: 'Webhook lag', show: span, over: 'mean', spans: true, lines: [
    { name: 'event to its work', colour: 'accent', ...mean('lag_ms', 'lags') }] },
  { title: 'Stripe calls failed', failed: 'Stripe', ...failures, lines: [
    { name: 'refused', colour: 'warn', ...sum('stripe_refused', 'stripe_rate_limited') },
    { name: 'down', colour: 'bad', ...sum('stripe_server_error', 'stripe_no_answer') }] },
  { title: 'Generator calls failed', failed: 'the generator', ...failures, lines: [
    { name: 'refused', colour: 'warn', ...sum('generator_refused') },
    { name: 'down', colour: 'bad', ...sum('generator_server_error', 'generator_no_answer') }] },
];
