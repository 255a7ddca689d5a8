// The search in the top bar. What is looked for is not in the address, since it may be somebody's
// e-mail, but in the tab's own history, so that it outlives a reload.
import { byId } from './ops-dom.js';

const sessionId = /^cs_(test|live)_[A-Za-z0-9]+$/;

export const searched = () => history.state?.searched ?? '';

// On other pages the field is empty.
export function showSearched(here) {
  byId('search').elements.q.value = here ? searched() : '';
}

// ready(): a page is open that "/" may leave. open(): the address names another view.
export function onSearch(ready, open) {
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    const words = event.target.elements.q.value.trim();
    // An order's own page knows also what cannot be read or has lost its claim.
    const hash = sessionId.test(words) ? `#/order/${words}` : '#/search';
    const state = hash === '#/search' ? { searched: words } : null;
    history[location.hash === hash ? 'replaceState' : 'pushState'](state, '', hash);
    open();
  });
  document.addEventListener('keydown', (event) => {
    const typing = /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName);
    if (event.key !== '/' || typing || !ready()) return;
    event.preventDefault();
    byId('search').elements.q.focus();
  });
}
