// What an operator can do to an order: a button for what fits its state, a question before it is
// done with room for a note, and the server's word when it refuses.
import { api } from './ops-api.js';
import { byId, element, money } from './ops-dom.js';

// Of a video. `when`: the states in which it makes sense.
const unitActions = {
  retry: {
    name: 'Try again', when: ['held', 'failed'],
    text: 'Goes on where it stands: its job is asked for, or its request looked up, before ' +
      'anything is made anew.',
  },
  resubmit: {
    name: 'Make anew', when: ['held', 'failed', 'submitting'], danger: true,
    text: 'One more generation is bought, also when all attempts are used up.',
  },
  deliver: {
    name: 'Deliver by hand', when: ['held', 'failed', 'waiting', 'running', 'submitting'],
    url: true, text: 'The buyer gets the video at this address; Stripe\'s books say delivered.',
  },
  refund: {
    name: 'Refund', when: ['held', 'failed', 'waiting', 'running', 'submitting'], danger: true,
    text: 'The price of this video goes back to the buyer. This cannot be undone.',
  },
};
// Of the whole order.
const orderActions = {
  look: { name: 'Look now', when: () => true, text: 'A worker looks at the order at once.' },
  erase: {
    name: 'Erase personal data', danger: true,
    when: ({ state }) => ['done', 'expired', 'unpaid'].includes(state),
    text: 'Prompt and e-mail address are removed. Money and history stay. This cannot be undone.',
  },
};

// Asks, then does; the dialog stays open with the server's word when that fails.
function confirm({ title, text, url, danger, name, noted = true }, act) {
  const dialog = byId('dialog');
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
  byId('dialog-form').onsubmit = async (event) => {
    event.preventDefault();
    ok.disabled = true;
    try {
      await act({ note: byId('note').value.trim(), ...(field ? { url: field.value } : {}) });
      dialog.close();
    } catch (error) {
      byId('dialog-error').textContent = error.message;
      ok.disabled = false;
    }
  };
  dialog.showModal();
}

function button(action, title, done, order) {
  const size = order.unit.unit === undefined ? '' : '.small';
  return element(`button.plain${size}${action.danger ? '.danger' : ''}`, {
    type: 'button',
    onclick: () => confirm({ ...action, title }, async (given) => {
      await api.act(order.id, { action: action.key, ...order.unit, ...given });
      await done();
    }),
  }, action.name);
}

export function actionButtons(order, unit, index, done, id = order.id) {
  const table = unit ? unitActions : orderActions;
  const fits = (action) => (unit ? action.when.includes(unit.state) && order.paid
    : action.when(order));
  return Object.entries(table).filter(([, action]) => fits(action)).map(([key, action]) => {
    const share = order.units.length > 0 ? order.amount / order.units.length : 0;
    const sum = key === 'refund' ? `, about ${money(Math.round(share), order.currency)}` : '';
    const title = unit ? `${action.name}: video ${index + 1}${sum}` : action.name;
    return button({ ...action, key }, title, done, { id, unit: unit ? { unit: index } : {} });
  });
}

export function confirmRelease(done) {
  confirm({
    title: 'Let automatic refunds go on', name: 'Let them go on', noted: false,
    text: 'Refunds were stopped because there were too many. Counting begins anew.',
  }, async () => {
    await api.releaseRefunds();
    await done();
  });
}
