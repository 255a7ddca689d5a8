// What an operator can do to an order: a button for what the server says is possible, a question
// before it is done with room for a note, and the server's word when it refuses.
import { api } from './ops-api.js';
import { byId, element, money } from './ops-dom.js';

const noteBytesMax = 300;  // the server takes no more

const unitActions = {
  retry: {
    name: 'Try again',
    text: 'Goes on where it stands: its job is asked for, or its request looked up, before ' +
      'anything is made anew.',
  },
  resubmit: {
    name: 'Make anew', danger: true,
    text: 'One more generation is bought, also when all attempts are used up.',
  },
  deliver: {
    name: 'Deliver by hand', url: true,
    text: 'The buyer gets the video at this address; Stripe\'s books say delivered.',
  },
  refund: {
    name: 'Refund', danger: true,
    text: 'The price of this video goes back to the buyer. This cannot be undone.',
  },
};
const orderActions = {
  look: { name: 'Look now', text: 'A worker looks at the order at once.' },
  retry: {
    name: 'Try all again',
    text: 'What failed or is held goes on where it stands; nothing is made anew that is found.',
  },
  refund: {
    name: 'Refund all', danger: true, all: true,
    text: 'The price of every video that is not delivered goes back to the buyer. ' +
      'This cannot be undone.',
  },
  erase: {
    name: 'Erase personal data', danger: true,
    text: 'Prompt and e-mail address are removed. Money and history stay. This cannot be undone.',
  },
};

// The button of that name again, when the page was made anew meanwhile; else the heading.
export function focusAction(act) {
  const again = [...document.querySelectorAll('[data-act]')].find((one) => one.dataset.act === act);
  (again || document.querySelector('main h1'))?.focus();
}

function wrongNote(note) {
  const bytes = new TextEncoder().encode(note).length;
  return bytes > noteBytesMax ? `A note has at most ${noteBytesMax} bytes; this has ${bytes}.` : '';
}

// Asks, then does; the dialog stays open with the server's word when that fails.
export function confirm({ title, text, url, danger, name, noted = true }, act) {
  const dialog = byId('dialog');
  const opener = document.activeElement;
  byId('dialog-title').textContent = title;
  byId('dialog-text').textContent = text;
  byId('dialog-error').textContent = '';
  byId('note').value = '';
  byId('note').parentElement.hidden = !noted;
  const field = url ? element('input', {
    id: 'dialog-url', type: 'url', required: true, placeholder: 'https://…' }) : null;
  byId('dialog-fields').replaceChildren(...(field
    ? [element('label', { for: 'dialog-url' }, 'Address of the video'), field] : []));
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
      byId('dialog-error').textContent = error.message;
      ok.disabled = false;
    }
  };
  dialog.showModal();
}

function button({ action, key, title, small }, order, given, changed) {
  return element(`button.plain${small ? '.small' : ''}${action.danger ? '.danger' : ''}`, {
    type: 'button', 'data-act': `${key} ${given.unit ?? ''}`,
    onclick: () => confirm({ ...action, title }, async (asked) => {
      await api.act(order.id, { action: key, ...given, ...asked });
      await changed();
    }),
  }, action.name);
}

export function unitButtons(order, unit, index, changed) {
  const share = money(unit.amount, order.currency);
  return unit.actions.map((key) => {
    const action = unitActions[key];
    const title = `${action.name}: video ${index + 1}${key === 'refund' ? `, ${share}` : ''}`;
    return button({ action, key, title, small: true }, order, { unit: index }, changed);
  });
}

// What a single video's own button does is not offered twice.
export function orderButtons(order, actions, changed) {
  const twice = (key) => order.units.length === 1 && unitActions[key] && order.paid;
  return actions.filter((key) => !twice(key)).map((key) => {
    const action = orderActions[key];
    return button({ action, key, title: action.name }, order, action.all ? { all: true } : {},
      changed);
  });
}

export function confirmRelease(changed) {
  confirm({
    title: 'Let automatic refunds go on', name: 'Let them go on', noted: false,
    text: 'Refunds were stopped because there were too many. Counting begins anew.',
  }, async () => {
    await api.releaseRefunds();
    await changed();
  });
}
