// The plain pages: the home page, the one after a checkout was left, and those of errors. Anyone
// can open them, also after paying, so they claim nothing about an order.
import { face } from '../shared/face.js';
import { Words, chooseLanguage } from './words.js';

const words = await Words.load(chooseLanguage(...navigator.languages));
document.documentElement.lang = words.language;
const back = document.querySelector('.way a').getAttribute('href');
// Whose page it is: the shop's, where it has named its own.
const shop = face.name || new URL(back || '/', location.href).host;
for (const element of document.querySelectorAll('[data-text]')) {
  element.textContent = words.say(element.dataset.text, { shop });
}
const title = document.querySelector('h1').textContent;
// Where the title names the shop already, once is enough.
document.title = !face.name || title.includes(face.name) ? title : `${title} · ${face.name}`;
