// <claimcheck-status session="cs_…" lang="ru" shop="https://shop.example/">: one order, followed
// live. For any page that loads this module; it asks the server that the module came from. Sends
// `claimcheck-change` with the status answer (null: no such order) whenever it shows another one.
// Colours, corners and spaces are custom properties, see docs/buyer-page.md.
import { face } from './assets/face.js';
import { Follower } from './assets/follow.js';
import { View } from './assets/view.js';
import { Words, chooseLanguage } from './assets/words.js';

const server = new URL('.', import.meta.url);

// A sheet made by a script is allowed where a policy forbids inline styles. Without it the words
// are there all the same.
async function loadStyle() {
  const sheet = new CSSStyleSheet();
  try {
    const answer = await fetch(new URL('assets/status.css', server));
    if (answer.ok) sheet.replaceSync(await answer.text());
  } catch {}
  return sheet;
}
let style;  // one for all elements of a page

class ClaimcheckStatus extends HTMLElement {
  static observedAttributes = ['session', 'lang', 'shop'];
  #follower = null;
  #view = null;
  #order = null;  // the last answer: one that came while texts were loaded is shown, too
  #language = '';
  #run = 0;  // counts starts, so that texts which come late find out that they are not wanted

  connectedCallback() { this.#start(); }
  disconnectedCallback() { this.#stop(); }
  attributeChangedCallback(name, before, after) {
    if (this.isConnected && before !== after) this.#start();
  }

  // The language of its texts: the page's own wish, else the order's, else the browser's.
  get language() { return this.#language; }

  // What the page says in large letters now; '' as long as it says nothing.
  get headline() { return this.#view?.headline.textContent ?? ''; }

  #stop() {
    this.#run += 1;
    this.#follower?.stop();
    this.#follower = null;
  }

  async #start() {
    this.#stop();
    const run = this.#run;
    if (!this.hasAttribute('session')) return;
    if (!await this.#draw(run, '')) return;
    this.#follow(run);
  }

  // False = it was started anew meanwhile.
  async #draw(run, locale) {
    const language =
      chooseLanguage(this.closest('[lang]')?.lang, locale, ...navigator.languages);
    const [words, sheet] = await Promise.all([Words.load(language), style ??= loadStyle()]);
    if (run !== this.#run) return false;
    this.#language = language;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    this.#view = new View(words, {
      session: this.getAttribute('session'), shop: this.getAttribute('shop') ?? face.shop, server,
      again: () => this.#follower.start(), look: () => this.#follower.look(),
    });
    root.replaceChildren(this.#view.element);
    this.#tell(null);
    return true;
  }

  #follow(run) {
    const id = encodeURIComponent(this.getAttribute('session'));
    this.#follower = new Follower(new URL(`api/webhook-status/${id}`, server).href, {
      order: (order) => this.#show(run, order),
      missing: (kind, isLong) => { this.#view.showMissing(kind, isLong); this.#tell(null); },
      connection: (isThere) => this.#view.showConnection(isThere),
    });
    this.#follower.start();
  }

  // The order was placed in a language, which is known only now.
  async #show(run, order) {
    this.#order = order;
    const language = chooseLanguage(this.closest('[lang]')?.lang, order.locale,
      ...navigator.languages);
    if (language !== this.#language && !await this.#draw(run, order.locale)) return;
    this.#view.show(this.#order);
    this.#tell(this.#order);
  }

  #tell(detail) {
    this.dispatchEvent(new CustomEvent('claimcheck-change', { detail, bubbles: true }));
  }
}

// The module may be loaded twice under two addresses.
if (!customElements.get('claimcheck-status')) {
  customElements.define('claimcheck-status', ClaimcheckStatus);
}
