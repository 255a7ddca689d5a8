// /orders/{link}: the orders of the address that the link was mailed to, newest first.
import { element } from '../shared/dom.js';
import { productTitle } from '../shared/face.js';
import { words, ownPath } from './home.js';

const link = location.pathname.split('/').at(-1);
const list = document.querySelector('.orders');
const said = document.querySelector('.said');
const states = { pending: 'unstarted', processing: 'making', completed: 'done', error: 'failed' };

function row(order) {
  const { sessionId, status, toolTitle, createdAt, paid } = order;
  const facts = [words.date(createdAt, 'medium'), paid && words.money(paid)].filter(Boolean);
  return element('li', {}, element('a', { href: ownPath(`/payment-success/${sessionId}`) },
    element('b', {}, productTitle(order) || toolTitle || words.say('title')),
    element('span.facts', {}, facts.join(' · ')),
    element('span.state', {}, words.say(states[status] ?? 'making'))));
}

async function load() {
  try {
    const answer = await fetch(`/api/found-orders/${link}`);
    if (answer.ok) return (await answer.json()).orders;
    return answer.status === 404 || answer.status === 410 ? 'linkEnded' : 'later';
  } catch {
    return 'offline';
  }
}

const orders = await load();
if (typeof orders === 'string') {
  said.textContent = words.say(orders);
  document.querySelector('[data-text=askAgain]').hidden = false;
} else {
  list.append(...orders.map(row));
}
