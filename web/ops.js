// The operator's page: who is signed in, which view the address names, and when it is refreshed.
import { api, onSignedOut } from './ops-api.js';
import { byId } from './ops-dom.js';
import { Order } from './ops-order.js';
import { Found, OrderList } from './ops-orders.js';
import { Overview } from './ops-overview.js';

let view = null;
let timer = 0;
let searched = '';

function viewOf(hash) {
  const [, page = '', argument = ''] = hash.replace(/^#/, '').split('/').map(decodeURIComponent);
  const root = byId('main');
  if (page === 'order') return ['orders', new Order(root, argument)];
  if (page === 'orders') return ['orders', new OrderList(root, argument)];
  if (page === 'search') return ['search', new Found(root, searched)];
  return ['overview', new Overview(root)];
}

function offline(error) {
  const line = byId('offline');
  line.hidden = !error;
  line.textContent = error ? `Not up to date: ${error.message}. Trying again …` : '';
}

async function refresh(of) {
  clearTimeout(timer);
  try {
    const now = await of.refresh();
    if (of !== view) return;
    offline(null);
    if (now) showMode(now.mode);
  } catch (error) {
    if (of !== view || error.status === 401) return;
    offline(error);
  }
  document.body.classList.remove('starting');
  const again = of.refreshMs || (byId('offline').hidden ? 0 : 5000);
  if (again && !document.hidden) timer = setTimeout(refresh, again, of);
}

function showMode(mode) {
  const badge = byId('mode');
  badge.hidden = false;
  badge.textContent = mode === 'live' ? 'live' : 'test';
  badge.className = `mode ${mode}`;
}

function open() {
  view?.end();
  byId('sign-in').hidden = true;
  byId('top').hidden = byId('main').hidden = false;
  let page;
  [page, view] = viewOf(location.hash);
  for (const link of document.querySelectorAll('nav [data-page]')) {
    if (link.dataset.page === page) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  window.scrollTo(0, 0);
  const refreshed = refresh(view);
  byId('main').querySelector('h1')?.focus({ preventScroll: true });
  return refreshed;
}

function close() {
  clearTimeout(timer);
  document.body.classList.remove('starting');
  view?.end();
  view = null;
  if (byId('dialog').open) byId('dialog').close();
  byId('main').replaceChildren();
  byId('top').hidden = byId('main').hidden = byId('offline').hidden = true;
  byId('sign-in').hidden = false;
  byId('token').focus();
}

onSignedOut(close);
byId('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = byId('token');
  byId('sign-in-error').textContent = '';
  try {
    await api.signIn(field.value);
    field.value = '';
    await open();
  } catch (error) {
    byId('sign-in-error').textContent = error.message;
    field.select();
  }
});
byId('sign-out').addEventListener('click', () => api.signOut().finally(close));
byId('search').addEventListener('submit', (event) => {
  event.preventDefault();
  searched = event.target.elements.q.value.trim();
  if (location.hash === '#/search') open();
  else location.hash = '#/search';
});
document.addEventListener('keydown', (event) => {
  const typing = /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName);
  if (event.key !== '/' || typing || !view || byId('dialog').open) return;
  event.preventDefault();
  byId('search').elements.q.focus();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && view) refresh(view);
});
window.addEventListener('hashchange', () => { if (view) open(); });
open();
