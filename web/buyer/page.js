// The buyer's page, /payment-success/{id} and /{locale}/payment-success/{id}: the language of the
// address, else of the browser, and the title of the document around <claimcheck-status>.
import '/claimcheck.js';
import { Words, chooseLanguage } from './words.js';

const [id, , locale] = location.pathname.split('/').reverse();
const language = chooseLanguage(...(locale ? [locale] : navigator.languages));
const status = document.querySelector('claimcheck-status');

document.documentElement.lang = language;
status.addEventListener('claimcheck-change', ({ detail: order }) => {
  if (status.headline) document.title = status.headline;
  // Only below an order that has taken its place, or it would have to move.
  if (order) document.querySelector('[data-text=keep]').hidden = false;
});
status.setAttribute('session', decodeURIComponent(id));

const words = await Words.load(language);
for (const element of document.querySelectorAll('[data-text]')) {
  element.textContent = words.say(element.dataset.text);
}
