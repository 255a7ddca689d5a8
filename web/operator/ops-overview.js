// The overview: who waits for a person first, then money, what is happening now and was lately.
import { api } from './ops-api.js';
import { Banners } from './ops-banners.js';
import { charts } from './ops-charts.js';
import { notice, plural } from './ops-dom.js';
import { Generators } from './ops-generators.js';
import { element, setText } from '../shared/dom.js';
import { Chart } from './ops-plot.js';
import { Sales } from './ops-money.js';
import { orderTable } from './ops-table.js';
import { latelyTiles, nowTiles, Tiles } from './ops-tiles.js';
import { setNow } from './ops-time.js';

const ranges = { hour: '1 hour', day: '24 hours', month: '30 days' };
const headings = { hour: 'Last hour', day: 'Last 24 hours', month: 'Last 30 days' };
const refreshMs = { hour: 5000, day: 15000, month: 60000 };
const heldShown = 10;

export class Overview {
  constructor(root, changed) {
    this.changed = changed;
    this.title = 'Overview';
    this.range = sessionStorage.getItem('range') || 'hour';
    if (!ranges[this.range]) this.range = 'hour';
    this.held = element('div');
    this.said = element('p.unseen', { role: 'status' });
    this.banners = new Banners(changed);
    this.sales = new Sales();
    this.now = new Tiles(nowTiles);
    this.generators = new Generators();
    this.lately = new Tiles(latelyTiles);
    this.heading = element('h2', { id: 'lately-title' });
    this.quiet = element('p.quiet.soft');
    this.charts = charts.map((chart) => new Chart(chart));
    this.switch = element('div.switch', { role: 'group', 'aria-label': 'Time range' },
      Object.entries(ranges).map(([name, words]) => element('button', {
        type: 'button', 'data-range': name, onclick: () => this.choose(name) }, words)));
    root.replaceChildren(
      element('h1.unseen', { tabindex: '-1' }, 'Overview'), this.banners.root,
      element('section', { 'aria-labelledby': 'held-title' },
        element('h2', { id: 'held-title' }, 'Waiting for you'), this.held, this.said),
      this.sales.root,
      element('section', { 'aria-labelledby': 'now-title' },
        element('h2', { id: 'now-title' }, 'Now'), this.now.root),
      this.generators.root,
      element('section', { 'aria-labelledby': 'lately-title' },
        element('div.head', {}, this.heading, this.switch), this.lately.root, this.quiet,
        element('div.charts', {}, this.charts.map((one) => one.card))),
      this.banners.foot);
    this.dark = matchMedia('(prefers-color-scheme: dark)');
    this.recolour = () => this.charts.forEach((one) => one.draw());
    this.dark.addEventListener('change', this.recolour);
    this.mark();
  }

  get refreshMs() { return refreshMs[this.range]; }

  mark() {
    this.heading.textContent = headings[this.range];
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
    const [lastHour, stats, held, sales] = await Promise.all([api.stats('hour'),
      range === 'hour' ? null : api.stats(range), api.orders('held', '', heldShown),
      api.sales()]);
    if (range !== this.range) return undefined;
    this.show(lastHour, stats ?? lastHour, held, `in ${ranges[range]}`);
    this.sales.feed(sales);
    return lastHour.now;
  }

  show(lastHour, stats, held, during) {
    setNow(stats.now.time);
    this.showHeld(held, stats.now);
    this.banners.show(stats.now);
    this.generators.feed(stats.now.generators);
    for (const tiles of [this.now, this.lately]) tiles.feed(stats, during, lastHour);
    for (const chart of this.charts) chart.feed(stats, during);
    this.showQuiet(during);
    this.title = stats.now.held > 0 ? `(${stats.now.held} held) Overview` : 'Overview';
  }

  // Instead of charts without a line.
  showQuiet(during) {
    const quiet = this.charts.filter((one) => one.quiet).map((one) => one.chart.failed);
    this.quiet.hidden = quiet.length === 0;
    setText(this.quiet, `No failed calls to ${quiet.join(' or ')} ${during}.`);
  }

  showHeld({ orders, next }, now) {
    const many = now.held > 0 ? `${plural(now.held, 'order')} held` : 'No order is held';
    if (this.said.textContent !== many) this.said.textContent = many;
    if (orders.length === 0) {
      // Not good news while others wait for refunds, or for the generator.
      const kind = now.refundsStopped || now.generatorAway ? 'soft' : 'good';
      this.held.replaceChildren(notice('No order is held for a person.', kind));
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

  end() {
    this.dark.removeEventListener('change', this.recolour);
    for (const chart of this.charts) chart.end();
  }
}
