// What is known about an order besides its videos: what was bought, its prompt, what was paid,
// when, and the order's number, which is short to read and whole to copy.
import { element, icon } from '../shared/dom.js';
import { productTitle } from '../shared/face.js';

const promptLength = 280;
const feedbackMs = 2500;
const numberEnds = [12, 6];  // letters of its beginning and its end

export function shortened(text) {
  const letters = Array.from(text.slice(0, 2 * promptLength));
  return letters.length > promptLength ? letters.slice(0, promptLength).join('') + '…' : text;
}

export function shortNumber(number) {
  const [first, last] = numberEnds;
  return number.length <= first + last + 1
    ? number : `${number.slice(0, first)}…${number.slice(-last)}`;
}

export class Facts {
  // server: the address that the order came from; say: tells a screen reader.
  constructor(words, session, server, say) {
    this.words = words;
    this.session = session;
    this.receipt = new URL(`receipt/${encodeURIComponent(session)}`, server).href;
    this.say = say;
    this.element = element('dl', { class: 'facts', part: 'facts' });
    this.number = this.#row('number', element('span', { title: session, translate: 'no' },
      shortNumber(session)), this.#copyButton());
  }

  // An order's status answer; {} where only the number is known.
  show(order) {
    const product = productTitle(order);
    const same = JSON.stringify(
      [product, order.prompt, order.paid, order.timestamp, order.continues]);
    if (same === this.shown) return;  // what somebody has selected stays selected
    this.shown = same;
    const continued = order.continues ? this.words.say('continuedDetail') : '';
    const rows = [['product', product], ['continued', continued],
      ['prompt', shortened(order.prompt ?? '')],
      ['paid', this.#paid(order)], ['ordered', this.words.date(order.timestamp)],
    ].filter(([, text]) => text.length > 0);
    this.element.replaceChildren(...rows.map(([key, text]) => this.#row(key, text)), this.number);
  }

  #row(key, ...content) {
    return element('div', { class: key },
      element('dt', {}, this.words.say(key)), element('dd', {}, ...content));
  }

  // The receipt is Stripe's, and is looked up when somebody wants it.
  #paid({ paid }) {
    if (!(paid?.amount > 0)) return '';
    const attributes = { href: this.receipt, part: 'receipt', target: '_blank',
      rel: 'noopener noreferrer nofollow' };
    return [element('span', {}, this.words.money(paid)), ' ',
      element('a', attributes, this.words.say('receipt'))];
  }

  #copyButton() {
    const label = this.words.say('copyNumber');
    const button = element('button',
      { type: 'button', class: 'small', part: 'copy-number', 'aria-label': label, title: label },
      icon('copy'));
    button.addEventListener('click', () => this.#copy(button));
    return button;
  }

  async #copy(button) {
    try {
      await navigator.clipboard.writeText(this.session);
    } catch {
      this.#copyByHand();  // no permission, or a page without TLS
      return;
    }
    this.say(this.words.say('numberCopied'));
    button.replaceChildren(icon('check'));
    clearTimeout(this.feedback);
    this.feedback = setTimeout(() => button.replaceChildren(icon('copy')), feedbackMs);
  }

  // The whole number, selected.
  #copyByHand() {
    const text = this.number.querySelector('span');
    text.textContent = this.session;
    getSelection().selectAllChildren(text);
  }
}
