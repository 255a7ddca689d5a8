// Another prompt for an order whose prompt the generator refused, or the money instead. What the
// buyer has written stays until the server has taken it.
import { element, setText } from '../shared/dom.js';

const patience = 45 * 1000;  // longer than the shop may take to screen the prompt

// Texts for the codes of the server; for any other one the buyer tries again.
const texts = { empty_prompt: 'editEmpty', same_prompt: 'editSame', prompt_refused: 'editRefused',
  prompt_too_long: 'editLong' };

export class PromptEdit {
  // server: the address that the order came from; look: asks for the order's status now; say: tells
  // a screen reader.
  constructor(words, { session, server, look, say }) {
    this.words = words;
    this.address = new URL(`api/prompt/${encodeURIComponent(session)}`, server).href;
    this.look = look;
    this.say = say;
    this.field = element('textarea', { rows: 5, part: 'prompt-field' });
    this.error = element('p', { class: 'error', part: 'prompt-error' });
    this.send = element('button', { type: 'submit', class: 'action main', part: 'prompt-send' },
      words.say('editSend'));
    this.refund = element('button', { type: 'button', class: 'action', part: 'prompt-refund' },
      words.say('editRefund'));
    this.element = element('form', { class: 'edit', part: 'prompt-edit', hidden: true },
      element('label', {}, element('span', {}, words.say('editPrompt')), this.field), this.error,
      element('p', { class: 'ways' }, this.send, this.refund));
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#ask({ prompt: this.field.value });
    });
    this.refund.addEventListener('click', ({ detail }) => { if (detail < 2) this.#refund(); });
    this.field.addEventListener('input', () => this.#calm());
  }

  show(order) {
    const wanted = order.notice === 'prompt_refused';
    if (wanted && this.element.hidden) {
      // What was written here and not taken stays: another tab was faster, and was refused again.
      if (this.field.value === (this.refused ?? '')) this.field.value = order.prompt ?? '';
      this.refused = order.prompt ?? '';
      this.#calm();
    }
    this.element.hidden = !wanted;
  }

  #calm() {
    this.sure = false;
    setText(this.refund, this.words.say('editRefund'));
    setText(this.error, '');
  }

  // Asked twice, since it cannot be taken back.
  #refund() {
    if (this.sure) {
      this.#ask({ refund: true });
      return;
    }
    this.sure = true;
    setText(this.refund, this.words.say('editRefundSure'));
  }

  async #ask(body) {
    if (this.asking) return;
    this.asking = true;
    this.send.disabled = this.refund.disabled = true;
    this.#calm();
    const { code, reason } = await this.#post(body);
    this.asking = this.send.disabled = this.refund.disabled = false;
    // Another tab, or the end of the time, was faster: the order's status says what is so now.
    if (code === '' || code === 'not_refused') {
      this.#calm();
      this.look();
      return;
    }
    setText(this.error, [this.words.say(texts[code] ?? 'editLater'), reason].join(' ').trim());
    this.say(this.error.textContent);
    if (body.prompt !== undefined) this.field.focus();
  }

  // The code of what went wrong; '' = it was done. With the shop's own reason, where it gave one.
  async #post(body) {
    try {
      const answer = await fetch(this.address, {
        method: 'POST', headers: { 'content-type': 'application/json' }, credentials: 'omit',
        body: JSON.stringify(body), signal: AbortSignal.timeout(patience) });
      if (answer.ok) return { code: '', reason: '' };
      const { code, error } = await answer.json();
      const [, reason] = code === 'prompt_refused' ? error.split(/: (.*)/s) : [];
      return { code, reason: reason ?? '' };
    } catch {
      return { code: 'unknown', reason: '' };
    }
  }
}
