// One chart: its legend, which tells of the moment that is pointed at by mouse or finger, and one
// uPlot, drawn anew when the width or the colour scheme changes and fed with new counts otherwise.
import { span } from './ops-dom.js';
import { element } from '../shared/dom.js';

const height = 150;  // as .plot
const labelHalf = 34;  // pixels beside the last moment: half of "12:20 PM" in a wide font
const bucketsMax = 120;  // that a chart shows apart; more are a thicket
const dayLong = 86400;
const wholeSteps = [0, 1, 2, 3, 4, 5, 6].flatMap((n) => [1, 2, 5].map((one) => one * 10 ** n));
const spanSteps = [.001, .01, .1, 1].flatMap((one) => [one, 2 * one, 5 * one]).concat(
  [10, 15, 30], [1, 2, 3, 5, 10, 15, 30, 60, 120, 240, 720, 1440].map((minutes) => minutes * 60));
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayClock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);

// Neighbouring buckets taken together.
function thinned({ series, step_s: step, from, now }) {
  const factor = Math.ceil(series.created.length / bucketsMax);
  const together = (counts) => Array.from({ length: Math.ceil(counts.length / factor) }, (_, i) =>
    counts.slice(i * factor, (i + 1) * factor).reduce((total, one) => total + one, 0));
  const merged = Object.entries(series).map(([name, counts]) => [name, together(counts)]);
  return { series: Object.fromEntries(merged), step_s: step * factor, from, now };
}

// What is drawn of counts: the last bucket has a width too, and hours of nothing have no line.
function steps([times, ...lines], step) {
  const quiet = (counts) => counts.map((count, i) =>
    (count || counts[i - 1] || counts[i + 1] ? count : null));
  return [[...times, times.at(-1) + step],
    ...lines.map((counts) => [...quiet(counts), counts.at(-1) || null])];
}

function lineOf({ name, colour: which }, spans) {
  // Brown and red are too alike for some eyes.
  const dash = which === 'warn' ? [6, 3] : undefined;
  const line = { label: name, stroke: colour(which), width: 2, dash };
  const points = { show: true, size: 5, fill: colour(which) };
  if (spans) return { ...line, spanGaps: true, points };
  return { ...line, points: { show: false }, paths: window.uPlot.paths.stepped({ align: 1 }),
    fill: `color-mix(in srgb, ${colour(which)} 16%, transparent)` };
}

// range(): where the time begins and ends, the same for all charts.
function options(chart, width, range, pointed) {
  const axis = {
    stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false }, font: '11px system-ui, sans-serif',
  };
  const value = (one) => (one === 0 ? '0' : chart.show(one));
  return {
    width, height, padding: [8, labelHalf, 0, 0], legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false }, sync: { key: 'ops' } },
    hooks: { setCursor: [({ cursor }) => pointed(cursor.idx)] },
    scales: { x: { range }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.15 : 1] } },
    axes: [{ ...axis, size: 24, space: 72, values: (_, ticks, axisAt, space, step) =>
      ticks.map((s) => (step < dayLong ? clock : day).format(s * 1000)) },
      { ...axis, size: 52, space: 20, values: (_, ticks) => ticks.map(value),
        incrs: chart.spans ? spanSteps : chart.whole ? wholeSteps : undefined }],
    series: [{}, ...chart.lines.map((line) => lineOf(line, chart.spans))],
  };
}

// uPlot knows mice. A finger that goes sideways reads the chart, one that goes up scrolls the page.
function readByTouch(plot) {
  const { over } = plot;
  const point = ({ touches: [touch] }) => {
    const { left, top } = over.getBoundingClientRect();
    plot.setCursor({ left: touch.clientX - left, top: touch.clientY - top }, true, true);
  };
  over.addEventListener('touchstart', point, { passive: true });
  over.addEventListener('touchmove', point, { passive: true });
}

export class Chart {
  constructor(chart) {
    this.chart = chart;
    this.area = element('div.plot', { role: 'img' });
    this.when = element('span.soft.small');
    this.values = chart.lines.map(() => element('strong'));
    this.card = element('section.card.chart', {},
      element('div.title', {}, element('h3', {}, chart.title), this.when),
      element('ul.legend', {}, chart.lines.map(({ name, colour: which }, i) =>
        element(`li.${which}`, {}, name, ' ', this.values[i]))), this.area);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.area);
  }

  // during: the range in words.
  feed(told, during) {
    const all = { ...told, now: new Date(told.now.time) / 1000 };
    const stats = thinned(all);
    const times = stats.series.created.map((_, i) => stats.from + i * stats.step_s);
    this.data = [times, ...this.chart.lines.map((line) => line.of(stats))];
    this.drawn = this.chart.spans ? this.data : steps(this.data, stats.step_s);
    this.range = [stats.from, times.at(-1) + stats.step_s];
    this.whole = this.chart.lines.map((line) =>
      this.chart.show(line.over(all)) + (line.beside?.(all) ?? ''));
    this.quiet = Boolean(this.chart.failed) &&
      this.chart.lines.every((line) => line.over(all) === 0);
    this.card.hidden = this.quiet;
    this.during = `${this.chart.over} ${during}`;
    this.hour = times.length * stats.step_s > 2 * dayLong ? dayClock : clock;
    const values = this.chart.lines.map(({ name }, i) => `${name} ${this.whole[i]}`);
    this.area.setAttribute('aria-label',
      `${this.chart.title}, ${this.during}: ${values.join(', ')}`);
    if (this.plot) this.plot.setData(this.drawn);
    else this.draw();
    this.tell(this.plot?.cursor.idx);
  }

  // The moment that is pointed at, or all of the range.
  tell(pointed) {
    const some = pointed !== null && pointed !== undefined;
    const at = some ? Math.min(pointed, this.data[0].length - 1) : 0;
    this.when.textContent = some ? this.hour.format(this.data[0][at] * 1000) : this.during;
    this.values.forEach((value, i) => {
      value.textContent = some ? this.chart.show(this.data[i + 1][at]) : this.whole[i];
    });
  }

  draw() {
    this.plot?.destroy();
    this.plot = null;
    if (!this.data || this.area.clientWidth === 0) return;
    const told = options(this.chart, this.area.clientWidth, () => this.range,
      (at) => this.tell(at));
    this.plot = new window.uPlot(told, this.drawn, this.area);
    readByTouch(this.plot);
  }

  resize() {
    if (this.area.clientWidth === 0) return;  // it is hidden
    if (!this.plot) this.draw();
    else this.plot.setSize({ width: this.area.clientWidth, height });
  }

  end() {
    this.observer.disconnect();
    this.plot?.destroy();
  }
}
