// The charts of the overview: what each shows, and one uPlot for each, drawn anew when the range,
// the width or the colour scheme changes and fed with new counts otherwise.
import { element, number, span } from './ops-dom.js';

const perMinute = (name) => ({ series, step_s: step }) =>
  series[name].map((count) => count * 60 / step);
const sum = (...names) => ({ series }) =>
  series[names[0]].map((_, i) => names.reduce((total, name) => total + series[name][i], 0));
const mean = (ms, count) => ({ series }) =>
  series[ms].map((total, i) => (series[count][i] > 0 ? total / series[count][i] / 1000 : null));
const count = (value) => (value === null ? '–' : number(value));

export const charts = [
  { title: 'Orders per minute', show: count, lines: [
    { name: 'started', colour: 'soft', of: perMinute('created') },
    { name: 'paid', colour: 'accent', of: perMinute('paid') }] },
  { title: 'Videos', show: count, whole: true, lines: [
    { name: 'delivered', colour: 'good', of: sum('delivered') },
    { name: 'refunded', colour: 'warn', of: sum('refunded') },
    { name: 'held', colour: 'bad', of: sum('held_videos') }] },
  { title: 'Time to delivery', show: span, spans: true, lines: [
    { name: 'mean', colour: 'accent', of: mean('delivery_ms', 'deliveries') }] },
  { title: 'Webhook lag', show: span, spans: true, lines: [
    { name: 'mean', colour: 'accent', of: mean('lag_ms', 'lags') }] },
  { title: 'Stripe errors', show: count, whole: true, lines: [
    { name: 'refused', colour: 'warn', of: sum('stripe_refused', 'stripe_rate_limited') },
    { name: 'down', colour: 'bad', of: sum('stripe_server_error', 'stripe_no_answer') }] },
  { title: 'Generator errors', show: count, whole: true, lines: [
    { name: 'refused', colour: 'warn', of: sum('generator_refused') },
    { name: 'down', colour: 'bad', of: sum('generator_server_error', 'generator_no_answer') }] },
];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
const height = 150;
const wholeSteps = [1, 2, 5].flatMap((one) => [0, 1, 2, 3, 4, 5, 6].map((n) => one * 10 ** n))
  .sort((a, b) => a - b);
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayLong = 86400;
const bucketsMax = 120;  // that a chart shows apart; more are a thicket

// Neighbouring buckets taken together.
function thinned({ series, step_s: step, from }) {
  const factor = Math.ceil(series.created.length / bucketsMax);
  const together = (counts) => Array.from({ length: Math.ceil(counts.length / factor) }, (_, i) =>
    counts.slice(i * factor, (i + 1) * factor).reduce((total, one) => total + one, 0));
  const merged = Object.entries(series).map(([name, counts]) => [name, together(counts)]);
  return { series: Object.fromEntries(merged), step_s: step * factor, from };
}

function options(chart, width) {
  const axis = {
    stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false }, font: '11px system-ui, sans-serif',
  };
  const line = ({ name, colour: which }) => ({
    label: name, stroke: colour(which), width: 2, spanGaps: Boolean(chart.spans),
    fill: chart.spans ? undefined : `color-mix(in srgb, ${colour(which)} 16%, transparent)`,
    paths: chart.spans ? undefined : window.uPlot.paths.stepped({ align: 1 }),
    points: { show: Boolean(chart.spans), size: 5, fill: colour(which) },
    value: (_, value) => (value === null || value === undefined ? '' : chart.show(value)),
  });
  return {
    width, height, padding: [8, 24, 0, 0], cursor: { y: false, points: { size: 6 } },
    legend: { live: true, markers: { width: 0, fill: (u, i) => u.series[i].stroke(u, i) } },
    scales: { y: { range: (_, low, high) => [0, high > 0 ? high * 1.15 : 1] } },
    axes: [{ ...axis, size: 30, space: 72, values: (_, ticks, axisAt, space, step) =>
      ticks.map((s) => (step < dayLong ? clock : day).format(s * 1000)) },
      { ...axis, size: 46, space: 32, incrs: chart.whole ? wholeSteps : undefined,
        values: (_, ticks) => ticks.map((one) => (chart.spans ? span(one) : count(one))) }],
    series: [{ value: (_, s) => (s === null ? '–' : new Date(s * 1000).toLocaleTimeString()) },
      ...chart.lines.map(line)],
  };
}

function described(chart, data) {
  const parts = chart.lines.map(({ name }, i) => {
    const values = data[i + 1].filter((value) => value !== null);
    const highest = values.length > 0 ? Math.max(...values) : null;
    return `${name} at most ${chart.show(highest)}`;
  });
  return `${chart.title}: ${parts.join(', ')}`;
}

export class Chart {
  constructor(chart) {
    this.chart = chart;
    this.area = element('div.plot', { role: 'img' });
    this.card = element('section.card.chart', {}, element('h3', {}, chart.title), this.area);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.area);
  }

  feed(all) {
    const stats = thinned(all);
    const times = stats.series.created.map((_, i) => stats.from + i * stats.step_s);
    this.data = [times, ...this.chart.lines.map((line) => line.of(stats))];
    this.area.setAttribute('aria-label', described(this.chart, this.data));
    if (this.plot) this.plot.setData(this.data);
    else this.draw();
  }

  draw() {
    this.plot?.destroy();
    this.plot = null;
    if (!this.data || this.area.clientWidth === 0) return;
    this.plot = new window.uPlot(options(this.chart, this.area.clientWidth), this.data, this.area);
  }

  resize() {
    if (!this.plot) this.draw();
    else this.plot.setSize({ width: this.area.clientWidth, height });
  }

  end() {
    this.observer.disconnect();
    this.plot?.destroy();
  }
}
