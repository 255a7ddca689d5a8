// The operator's page: who is signed in, which view is open, and when it is refreshed.
import { api, onSignedOut } from './ops-api.js';
import { byId } from './ops-dom.js';
import { refreshMoments } from './ops-time.js';
import { viewOf } from './ops-views.js';

const momentsEveryMs = 10000;
const sessionId = /^cs_(test|live)_[A-Za-z0-9]+$/;

let view = null;
let timer = 0;
let searched = '';

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
  clearTimeout(timer);  // of a refresh that was under way at the same time
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
  if (byId('dialog').open) byId('dialog').close();
  byId('sign-in').hidden = true;
  byId('top').hidden = byId('main').hidden = false;
  let page;
  [page, view] = viewOf(location.hash, searched, () => refresh(view));
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
// Its address would be a view's.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('main').focus();
});
byId('sign-out').addEventListener('click', () => api.signOut().finally(close));
byId('search').addEventListener('submit', (event) => {
  event.preventDefault();
  searched = event.target.elements.q.value.trim();
  // An order's own page knows also what cannot be read or has lost its claim.
  const hash = sessionId.test(searched) ? `#/order/${searched}` : '#/search';
  if (location.hash === hash) open();
  else location.hash = hash;
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
setInterval(refreshMoments, momentsEveryMs);
window.addEventListener('hashchange', () => { if (view) open(); });
open();
