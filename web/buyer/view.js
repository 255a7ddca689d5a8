// What stands on the screen for one order. Built once and then only changed where something
// changed, so that nothing moves, no video stops and nothing is read out twice.
import { Card } from './card.js';
import { Facts } from './facts.js';
import { fileName, kindOf } from './file-name.js';
import { element, icon, setAttribute, setText, webAddress } from '../shared/dom.js';
import { PromptEdit } from './prompt-edit.js';
import { supportAddress } from '../shared/face.js';
import { tell } from './story.js';

const drawings = { busy: 'wait', wait: 'wait', done: 'check', note: 'note', bad: 'cross' };

// The shop's page, told which order it is to offer once more.
function againAddress(shop, session) {
  try {
    const address = new URL(shop, document.baseURI);
    address.searchParams.set('again', session);
    return address.href;
  } catch {
    return shop;  // no address that a browser understands
  }
}

export class View {
  // server: the address that the order came from; again: looks for the order once more; look: asks
  // for its status now.
  constructor(words, { session, shop, server, again, look }) {
    this.words = words;
    this.cards = [];
    this.glyph = element('span', { class: 'glyph', part: 'glyph', 'aria-hidden': 'true' });
    this.headline = element('h2', { class: 'headline', part: 'headline' });
    this.detail = element('p', { class: 'detail', part: 'detail' });
    this.trouble = element('span', { part: 'connection' });
    this.count = element('span', {});
    this.segments = element('span', { class: 'segments', 'aria-hidden': 'true' });
    this.progress = element('p', { class: 'progress', part: 'progress', hidden: true }, this.count,
      this.segments);
    this.videos = element('ol', { class: 'videos', role: 'list', part: 'videos', hidden: true });
    this.byAi = element('p', { class: 'by-ai', part: 'by-ai', hidden: true }, words.say('byAi'));
    this.refund = element('p', { class: 'refund', part: 'refund', hidden: true }, icon('back'),
      element('span'));
    this.announcement = element('p', { class: 'unseen', role: 'status' });
    this.facts = new Facts(words, session, server, (text) => this.say(text));
    this.edit = new PromptEdit(words, { session, server, look, say: (text) => this.say(text) });
    this.ways = element('p', { class: 'ways', hidden: true });
    this.pay = this.#way('pay', new URL(`pay/${encodeURIComponent(session)}`, server).href);
    this.recover = this.#way('pay', '');
    this.orderAgain = shop && this.#way('orderAgain', againAddress(shop, session), 'order-again');
    this.shop = shop && this.#way('shop', shop);
    const support = supportAddress(session);
    this.support = support && this.#way('writeToUs', support, 'support');
    this.again = element('button', { type: 'button', class: 'action', part: 'again' },
      words.say('again'));
    this.again.addEventListener('click', again);
    this.session = session;
    this.element = element('section', { class: 'order', part: 'order', lang: words.language },
      element('header', { class: 'head', part: 'head' }, this.glyph, this.headline, this.detail),
      this.edit.element, this.progress, this.videos, this.byAi, this.refund, this.ways,
      this.facts.element, element('p', { class: 'trouble' }, this.trouble), this.announcement);
    this.#head('busy', words.say('looking'), '');
  }

  // The status answer of an order.
  show(order) {
    const story = tell(order, this.words);
    this.#head(story.tone, story.headline, story.detail);
    this.edit.show(order);
    this.#showVideos(story, order);
    setText(this.refund.lastChild, story.refund);
    this.refund.hidden = !story.refund;
    this.facts.show(order);
    const recovery = order.recoveryUrl && webAddress(order.recoveryUrl);
    if (recovery) this.recover.href = recovery;
    this.#showWays(...story.ways.filter((way) => way !== 'recover' || recovery)
      .map((way) => this[way]));
    this.#announce([story.headline, story.count, story.refund].filter(Boolean).join('. '));
  }

  // No order: 'unknown' (perhaps not yet), 'gone', 'malformed', 'unreadable'. Who has looked for
  // long is offered what else to do.
  showMissing(kind, isLong) {
    const tone = kind === 'unknown' ? 'busy' : 'bad';
    this.#head(tone, this.words.say(kind), this.words.say(`${kind}Detail`));
    if (this.session) this.facts.show({});
    this.#showWays(kind !== 'malformed' && isLong && this.again, isLong && this.shop,
      isLong && kind !== 'malformed' && this.support);
    this.#announce(this.headline.textContent);
  }

  showConnection(isThere) {
    const text = isThere ? '' : this.words.say('offline');
    if (text && this.trouble.textContent !== text) this.say(text);
    setText(this.trouble, text);
  }

  say(text) { setText(this.announcement, text); }

  // What was read out once is not read out again because something else was said meanwhile.
  #announce(text) {
    if (text !== this.announced) this.say(text);
    this.announced = text;
  }

  #way(key, href, part = key) {
    return element('a', { href, class: 'action', part, rel: 'nofollow' }, this.words.say(key));
  }

  #head(tone, headline, detail) {
    if (this.element.dataset.tone !== tone) this.glyph.replaceChildren(icon(drawings[tone]));
    this.element.dataset.tone = tone;
    setText(this.headline, headline);
    setText(this.detail, detail);
  }

  #showVideos({ files, states, count }, order) {
    const words = this.words.of(order.media);
    const kind = kindOf(order);
    while (this.cards.length < files.length) {
      this.cards.push(new Card(words, kind, (text) => this.say(text)));
      this.videos.append(this.cards.at(-1).element);
      this.segments.append(element('i'));
    }
    files.forEach((file, index) => {
      const name = files.length > 1
        ? words.say('video', { n: index + 1 }) : words.say('onlyVideo');
      this.cards[index].show({ name, state: states[index], file, order,
        fileName: (url) => fileName(order, this.session, index + 1, url) });
      setAttribute(this.segments.children[index], 'data-state', states[index]);
    });
    const [width, height] = (order.resolution ?? '').split('x').map(Number);
    this.videos.classList.toggle('tall', kind !== 'audio' && height > width);
    this.videos.hidden = files.length === 0;
    // From the beginning, with the cards: what is below would move when it came later.
    this.byAi.hidden = this.videos.hidden;
    setText(this.count, count);
    this.progress.hidden = !count;
  }

  #showWays(...ways) {
    const shown = ways.filter(Boolean);
    const same = shown.length === this.ways.children.length &&
      shown.every((way, index) => way === this.ways.children[index]);
    if (!same) this.ways.replaceChildren(...shown);  // focus stays where it is
    // One way stands out only where nothing is to come any more: who has paid needs none.
    const over = this.element.dataset.tone === 'bad';
    shown.forEach((way, index) => way.classList.toggle('main', over && index === 0));
    this.ways.hidden = shown.length === 0;
  }
}
