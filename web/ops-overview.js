// The overview: who waits for a person first, then what is happening now and was lately.
import { api } from './ops-api.js';
import { confirmRelease } from './ops-actions.js';
import { charts } from './ops-charts.js';
import { element, notice, number, plural, span } from './ops-dom.js';
import { Chart } from './ops-plot.js';
import { orderTable } from './ops-table.js';
import { moment, setNow } from './ops-time.js';

const ranges = { hour: '1 hour', day: '24 hours', month: '30 days' };
const refreshMs = { hour: 5000, day: 15000, month: 60000 };
const heldShown = 10;

const total = (series, name) => series[name].reduce((sum, one) => sum + one, 0);
function mean(series, ms, count) {
  const many = total(series, count);
  return many > 0 ? total(series, ms) / many / 1000 : null;
}

// Name, value, a word below, and whether it wants to be noticed.
function tiles({ now, series, step_s: step, range }) {
  const lately = Math.ceil(300 / step);  // five minutes, or one bucket
  const recent = series.paid.slice(-lately - 1, -1);
  const perMinute = recent.reduce((sum, one) => sum + one, 0) * 60 / (recent.length * step);
  const during = `in ${ranges[range]}`;
  return [
    ['Held', number(now.held), 'wait for a person', now.held > 0 ? 'bad' : ''],
    ['Paid per minute', perMinute.toFixed(perMinute < 10 ? 1 : 0),
      `${number(total(series, 'paid'))} ${during}`],
    ['Waiting', number(now.waiting), 'for their payment'],
    ['In progress', number(now.inProgress), 'paid, being made'],
    ['Delivered', number(total(series, 'delivered')), `videos ${during}`, 'good'],
    ['Refunded', number(total(series, 'refunded')), `videos ${during}`,
      total(series, 'refunded') > 0 ? 'warn' : ''],
    ['Time to delivery', span(mean(series, 'delivery_ms', 'deliveries')), `mean ${during}`],
    ['Webhook lag', span(mean(series, 'lag_ms', 'lags')), `mean ${during}`],
  ];
}

function tile([name, value, below, kind]) {
  return element(`div.card.tile${kind ? `.${kind}` : ''}`, {},
    element('dt', {}, name), element('dd', {}, value), element('p.soft', {}, below));
}

export class Overview {
  constructor(root, changed) {
    this.changed = changed;
    this.range = sessionStorage.getItem('range') || 'hour';
    if (!ranges[this.range]) this.range = 'hour';
    this.held = element('div');
    this.said = element('p.unseen', { role: 'status' });
    this.stopped = element('div');
    this.tiles = element('dl.tiles');
    this.charts = charts.map((chart) => new Chart(chart));
    this.switch = element('div.switch', { role: 'group', 'aria-label': 'Time range' },
      Object.entries(ranges).map(([name, words]) => element('button', {
        type: 'button', 'data-range': name, onclick: () => this.choose(name) }, words)));
    root.replaceChildren(
      element('h1.unseen', { tabindex: '-1' }, 'Overview'), this.stopped,
      element('section', { 'aria-labelledby': 'held-title' },
        element('h2', { id: 'held-title' }, 'Waiting for you'), this.held, this.said),
      element('section', { 'aria-labelledby': 'now-title' },
        element('div.head', {}, element('h2', { id: 'now-title' }, 'Now'), this.switch),
        this.tiles, element('div.charts', {}, this.charts.map((one) => one.card))));
    this.dark = matchMedia('(prefers-color-scheme: dark)');
    this.recolour = () => this.charts.forEach((one) => one.draw());
    this.dark.addEventListener('change', this.recolour);
    this.mark();
  }

  get refreshMs() { return refreshMs[this.range]; }

  mark() {
    for (const button of this.switch.children) {
      button.setAttribute('aria-pressed', String(button.dataset.range === this.range));
    }
  }

  choose(range) {
    this.range = range;
    sessionStorage.setItem('range', range);
    this.mark();
    return this.changed();
  }

  async refresh() {
    const range = this.range;
    const [stats, held] = await Promise.all([
      api.stats(range), api.orders('held', '', heldShown)]);
    if (range !== this.range) return;
    setNow(stats.now.time);
    this.showHeld(held, stats.now);
    this.showStopped(stats.now.refundsStopped);
    this.tiles.replaceChildren(...tiles(stats).map(tile));
    for (const chart of this.charts) chart.feed(stats, `in ${ranges[range]}`);
    return stats.now;
  }

  showHeld({ orders, next }, now) {
    const many = now.held > 0 ? `${plural(now.held, 'order')} held` : 'No order is held';
    if (this.said.textContent !== many) this.said.textContent = many;
    if (orders.length === 0) {
      this.held.replaceChildren(notice('No order is held for a person.', 'good'));
      this.shown = '';
      return;
    }
    const told = JSON.stringify(orders);
    if (told === this.shown) return;  // the keyboard may stand in it
    this.shown = told;
    this.held.replaceChildren(orderTable(orders, 'held'));
    if (next) {
      this.held.append(element('p', {}, element('a', { href: '#/orders/held' },
        `All ${plural(now.held, 'held order')}`)));
    }
  }

  showStopped(stopped) {
    this.stopped.replaceChildren();
    if (!stopped) return;
    this.stopped.append(element('div.notice.bad.row', { role: 'alert' },
      element('div', {}, element('strong', {}, 'Automatic refunds are stopped: '),
        `${stopped.reason}, `, moment(stopped.since)),
      element('button', { type: 'button', onclick: () => confirmRelease(this.changed) },
        'Let them go on')));
  }

  end() {
    this.dark.removeEventListener('change', this.recolour);
    for (const chart of this.charts) chart.end();
  }
}
