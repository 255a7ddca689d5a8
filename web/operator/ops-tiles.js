// The numbers of the overview. Made once and told anew, since the keyboard may stand on a link.
import { number, span } from './ops-dom.js';
import { element } from '../shared/dom.js';

const total = (series, name) => series[name].reduce((sum, one) => sum + one, 0);
function mean(series, ms, count) {
  const many = total(series, count);
  return many > 0 ? total(series, ms) / many / 1000 : null;
}

// Of the last five whole minutes, whatever range is shown. lastHour: a bucket is a minute.
const minutes = 5;
function paidPerMinute({ series }) {
  const rate = series.paid.slice(-minutes - 1, -1).reduce((sum, one) => sum + one, 0) / minutes;
  return rate.toFixed(rate < 10 ? 1 : 0);
}

// Of each: its name, its list; what it tells is its value, a word below, and whether it wants to be
// noticed.
export const nowTiles = [
  { name: 'Held', list: 'held', tell: ({ now }) =>
    [number(now.held), 'orders wait for a person', now.held > 0 && 'bad'] },
  { name: 'Waiting', list: 'waiting', tell: ({ now }) =>
    [number(now.waiting), 'orders, for their payment'] },
  { name: 'In progress', list: 'working', tell: ({ now }) =>
    [number(now.inProgress), 'orders paid, not over yet'] },
];
export const latelyTiles = [
  { name: 'Paid per minute', tell: ({ series }, during, lastHour) => [paidPerMinute(lastHour),
    `over ${minutes} minutes; ${number(total(series, 'paid'))} orders ${during}`] },
  { name: 'Delivered', list: 'delivered', tell: ({ series }, during) =>
    [number(total(series, 'delivered')), `videos ${during}`, 'good'] },
  { name: 'Refunded', list: 'refunded', tell: ({ series }, during) =>
    [number(total(series, 'refunded')), `videos ${during}`,
      total(series, 'refunded') > 0 && 'warn'] },
  { name: 'Time to delivery', tell: ({ series }, during) =>
    [span(mean(series, 'delivery_ms', 'deliveries')), `mean ${during}`] },
  { name: 'Webhook lag', tell: ({ series }, during) =>
    [span(mean(series, 'lag_ms', 'lags')), `mean ${during}`] },
];

export class Tiles {
  constructor(tiles) {
    this.tiles = tiles;
    this.made = tiles.map(({ name, list }) => {
      const title = list ? element('a', { href: `#/orders/${list}` }, name) : name;
      const value = element('dd');
      const below = element('dd.below.soft');
      const root = element('div.card.tile', {}, element('dt', {}, title), value, below);
      return { root, value, below };
    });
    this.root = element('dl.tiles', {}, this.made.map(({ root }) => root));
  }

  // during: the range of `stats` in words.
  feed(stats, during, lastHour) {
    this.tiles.forEach(({ tell }, i) => {
      const [told, word, kind] = tell(stats, during, lastHour);
      const { root, value, below } = this.made[i];
      root.className = `card tile${kind ? ` ${kind}` : ''}`;
      value.textContent = told;
      below.textContent = word;
    });
  }
}
