// The buyer's page, /payment-success/{id} and /{locale}/payment-success/{id}: the language of the
// address, else of the order, else of the browser, and what stands around <claimcheck-status>.
import '/claimcheck.js';
import { face, supportAddress } from '../shared/face.js';
import { Words, chooseLanguage } from './words.js';

const [id, , locale] = location.pathname.split('/').reverse();
const status = document.querySelector('claimcheck-status');
const notes = document.querySelectorAll('.note[data-text]');
let language = chooseLanguage(...(locale ? [locale] : navigator.languages));
let answers = 0;
let media;  // of the order, once it is known

async function translate() {
  document.documentElement.lang = language;
  const words = await Words.load(language);
  if (words.language !== language) return;  // another one was wanted meanwhile
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = words.of(media).say(element.dataset.text);
  }
}

const hasFile = (order) => Boolean(order.files?.some(({ status: state, url }) =>
  state === 'completed' && url));

status.addEventListener('claimcheck-change', ({ detail: order }) => {
  if (status.headline) {
    document.title = [status.headline, face.name].filter(Boolean).join(' · ');
  }
  if (status.language !== language || (order && order.media !== media)) {
    language = status.language;
    media = order?.media;
    translate();
  }
  // The first event only says that it is there. From the second on it is as high as it has to be.
  if (++answers > 1) status.classList.remove('room');
  // Only below an order that has taken its place, or it would have to move.
  if (!order) return;
  const shown = { keep: order.status !== 'error', keepVideos: hasFile(order) };
  for (const note of notes) note.hidden = !shown[note.dataset.text];
});
// Empty: the page itself, which says `en` where scripts are off, wishes for no language.
status.setAttribute('lang', locale ? language : '');
status.setAttribute('session', decodeURIComponent(id));
const support = document.querySelector('footer [data-text=writeToUs]');
if (support) support.href = supportAddress(decodeURIComponent(id));

await translate();
