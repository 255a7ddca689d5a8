// /find-file: a buyer who has lost the link asks for it by e-mail, or opens an order by its number.
// The answer is the same whether the address is known or not.
import { words, ownPath } from './home.js';

const said = document.querySelector('.said');
const byMail = document.querySelector('#by-mail');
const say = (key) => { said.textContent = words.say(key); };
const failures = { 400: 'emailWrong', 429: 'askedTooOften' };

async function ask(email) {
  const headers = { 'content-type': 'application/json' };
  try {
    const { status, ok } = await fetch('/api/find-orders',
      { method: 'POST', headers, body: JSON.stringify({ email }) });
    return ok ? 'linkAsked' : failures[status] ?? 'later';
  } catch {
    return 'offline';
  }
}

byMail.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = byMail.querySelector('button');
  button.disabled = true;
  say(await ask(byMail.elements.email.value.trim()));
  button.disabled = false;
});
document.querySelector('#by-number').addEventListener('submit', (event) => {
  event.preventDefault();
  const number = event.target.elements.number.value.trim();
  location.assign(ownPath(`/payment-success/${encodeURIComponent(number)}`));
});
