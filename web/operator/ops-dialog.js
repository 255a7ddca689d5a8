// The question before something is done, with room for a note.
import { byId } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { sentence } from './ops-words.js';

const noteBytesMax = 300;  // the server takes no more

// The button of that name again, when the page was made anew meanwhile; else the heading.
export function focusAction(act) {
  const again = [...document.querySelectorAll('[data-act]')].find((one) => one.dataset.act === act);
  (again || document.querySelector('main h1'))?.focus();
}

function wrongNote(note) {
  const bytes = new TextEncoder().encode(note).length;
  return bytes > noteBytesMax ? `A note has at most ${noteBytesMax} bytes; this has ${bytes}.` : '';
}

const about = (title) => `${location.hash} ${title}`;
let unsent = { about: '', note: '' };

// The session has ended: the question is gone, its note comes back with it.
export function dropDialog() {
  const dialog = byId('dialog');
  if (!dialog.open) return;
  unsent = { about: about(byId('dialog-title').textContent), note: byId('note').value };
  dialog.close();
}

// Asks, then does; the dialog stays open with the server's word when that fails.
export function confirm({ title, text, url, danger, name, noted = true }, act) {
  const dialog = byId('dialog');
  const opener = document.activeElement;
  byId('dialog-title').textContent = title;
  byId('dialog-text').textContent = text;
  byId('dialog-error').textContent = '';
  byId('note').value = unsent.about === about(title) ? unsent.note : '';
  unsent = { about: '', note: '' };
  byId('note').parentElement.hidden = !noted;
  const field = url ? element('input', {
    id: 'dialog-url', type: 'url', required: true, placeholder: 'https://…',
    pattern: 'https://.*', title: 'An address that begins with https://' }) : null;
  byId('dialog-fields').replaceChildren(...(field
    ? [element('label', { for: 'dialog-url' }, 'Address of the file'), field] : []));
  const ok = byId('dialog-ok');
  ok.textContent = name;
  ok.className = danger ? 'danger' : '';
  ok.disabled = false;
  byId('dialog-cancel').onclick = () => dialog.close();
  dialog.onclose = () => { if (!opener.isConnected) focusAction(opener.dataset.act); };
  byId('dialog-form').onsubmit = async (event) => {
    event.preventDefault();
    const note = byId('note').value.trim();
    byId('dialog-error').textContent = wrongNote(note);
    if (wrongNote(note)) return;
    ok.disabled = true;
    try {
      await act({ note, ...(field ? { url: field.value } : {}) });
      dialog.close();
    } catch (error) {
      byId('dialog-error').textContent = sentence(error.message);
      ok.disabled = false;
    }
  };
  dialog.showModal();
}
