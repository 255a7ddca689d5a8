// The operator's page: who is signed in, which view is open, and when it is refreshed.
import { api, onSignedOut } from './ops-api.js';
import { dropDialog } from './ops-dialog.js';
import { byId, plural } from './ops-dom.js';
import { showWho } from './ops-role.js';
import { setText } from '../shared/dom.js';
import { onSearch, searched, showSearched } from './ops-search.js';
import { face } from '../shared/face.js';
import { clockNow, refreshMoments } from './ops-time.js';
import { viewOf } from './ops-views.js';
import { sentence } from './ops-words.js';

const momentsEveryMs = 10000;
const countsEveryMs = 10000;

let view = null;
let timer = 0;
let signedIn = false;
let upToDate = '';  // when the view last was, in words

function offline(error) {
  const line = byId('offline');
  line.hidden = !error;
  const since = upToDate && `This is as of ${upToDate}. `;
  line.textContent = error ? `${sentence(error.message)} ${since}Trying again …` : '';
}

async function refresh(of) {
  clearTimeout(timer);
  try {
    const now = await of.refresh();
    if (of !== view) return;
    upToDate = clockNow();
    offline(null);
    if (now) {
      signedIn = true;
      showMode(now.mode);
    }
    showTitle();
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

// Who runs several shops sees which one this is.
if (face.name) document.querySelector('.brand span').textContent = face.name;

function showTitle() {
  const of = face.name ? `${face.name} operator` : 'claimcheck operator';
  document.title = `${view?.title ?? 'Sign in'} – ${of}`;
}

// What is counted beside filters and pages. They are hints: without an answer the last ones stay.
async function tellCounts() {
  const of = view;
  if (!of || document.hidden) return;
  const told = await api.counts().catch(() => null);
  if (!told || of !== view) return;
  const many = byId('given-up');
  many.hidden = told.givenUp === 0;
  setText(many, String(told.givenUp));
  many.title = `${plural(told.givenUp, 'notification')} given up`;
  if (byId('mode').hidden) showMode(told.mode);
  of.counts?.(told);
}

function open() {
  view?.end();
  upToDate = '';
  if (byId('dialog').open) byId('dialog').close();
  byId('sign-in').hidden = true;
  byId('top').hidden = byId('main').hidden = false;
  let page;
  [page, view] = viewOf(location.hash, searched(), () => refresh(view));
  showSearched(page === 'search');
  showTitle();
  for (const link of document.querySelectorAll('nav [data-page]')) {
    if (link.dataset.page === page) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  window.scrollTo(0, 0);
  const refreshed = refresh(view);
  tellCounts();
  byId('main').querySelector('h1')?.focus({ preventScroll: true });
  return refreshed;
}

function close(why) {
  clearTimeout(timer);
  signedIn = false;
  document.body.classList.remove('starting');
  view?.end();
  view = null;
  dropDialog();
  byId('main').replaceChildren();
  byId('top').hidden = byId('main').hidden = byId('offline').hidden = true;
  byId('sign-in').hidden = false;
  byId('sign-in-error').textContent = why;
  showTitle();
  byId('token').focus();
}

function signOut() {
  signedIn = false;
  history.replaceState(null, '');
  return api.signOut().catch(() => null).then(() => close(''));
}

const ended = 'Your session has ended. Nothing was done; sign in again.';
onSignedOut(() => close(signedIn ? ended : ''));
byId('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = byId('token');
  byId('sign-in-error').textContent = '';
  try {
    showWho(await api.signIn(field.value));
    field.value = '';
    signedIn = true;
    await open();
  } catch (error) {
    byId('sign-in-error').textContent = sentence(error.message);
    field.select();
  }
});
// Its address would be a view's.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('main').focus();
});
byId('sign-out').addEventListener('click', signOut);
onSearch(() => view && !byId('dialog').open, open);
// A link to the view that is open asks for it anew.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#/"]');
  if (link && view && link.getAttribute('href') === location.hash) open();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && view) refresh(view);
});
setInterval(refreshMoments, momentsEveryMs);
setInterval(tellCounts, countsEveryMs);
window.addEventListener('hashchange', () => { if (view) open(); });

// Asked first, so that a person who has not signed in yet causes no refused request.
async function start() {
  const told = await api.signedIn().catch(() => null);
  if (told) showMode(told.mode);
  if (told) showWho(told);
  if (told && !told.signedIn) close('');
  else await open();
}
start();
