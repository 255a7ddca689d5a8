// The plain pages: the home page, the one after a checkout was left, those of errors and those that
// find lost orders. Anyone can open them, also after paying, so they claim nothing about an order.
import { face } from '../shared/face.js';
import { Words, chooseLanguage } from './words.js';

const locale = location.pathname.match(/^\/([a-z]{2})\//)?.[1];
export const words = await Words.load(chooseLanguage(...(locale ? [locale] : navigator.languages)));
// An address of ours, in the language that this one names.
export const ownPath = (path) => (locale ? `/${locale}${path}` : path);

document.documentElement.lang = words.language;
const back = document.querySelector('.way a')?.getAttribute('href');
// Whose page it is: the shop's, where it has named its own.
const shop = face.name || new URL(back || '/', location.href).host;
for (const text of document.querySelectorAll('[data-text]')) {
  text.textContent = words.say(text.dataset.text, { shop });
}
const title = document.querySelector('h1').textContent;
// Where the title names the shop already, once is enough.
document.title = !face.name || title.includes(face.name) ? title : `${title} · ${face.name}`;
