// Which view an address names.
import { byId } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { Notifications } from './ops-notifications.js';
import { Order } from './ops-order.js';
import { Found, OrderList } from './ops-orders.js';
import { Overview } from './ops-overview.js';

function nothing(root) {
  root.replaceChildren(element('h1', { tabindex: '-1' }, 'There is no such page'),
    element('p', {}, element('a', { href: '#/' }, 'Overview')));
  return { title: 'No such page', refresh: async () => undefined, end() {} };
}

// "#/order/cs_test_1" is ["order", "cs_test_1"]; somebody may have typed it.
function parts(hash) {
  try {
    return hash.replace(/^#?\/?/, '').split('/').map(decodeURIComponent);
  } catch {
    return ['?'];
  }
}

// The page that is marked as current, and the view: { title, refresh(), refreshMs?, counts?(),
// end() }. searched: what is looked for. changed(): something was done, so the view is to be
// refreshed.
export function viewOf(hash, searched, changed) {
  const [page, argument = '', ...more] = parts(hash);
  const root = byId('main');
  if (page === 'order') return ['orders', new Order(root, argument, changed)];
  if (page === 'orders') return ['orders', new OrderList(root, argument, more, changed)];
  if (page === 'notifications') return ['notifications', new Notifications(root, argument)];
  if (page === 'search') return ['search', new Found(root, searched, changed)];
  if (page === '') return ['overview', new Overview(root, changed)];
  return ['', nothing(root)];
}
