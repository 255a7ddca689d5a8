// The home page, where Stripe's back link leads when the shop has named no page of its own. Anyone
// can open it, also after paying, so it claims nothing about an order.
import { Words, chooseLanguage } from './words.js';

const words = await Words.load(chooseLanguage(...navigator.languages));
document.documentElement.lang = words.language;
document.title = words.say('home');
for (const element of document.querySelectorAll('[data-text]')) {
  element.textContent = words.say(element.dataset.text);
}
