// One video of an order: a box of the right shape from the first moment on, so that nothing moves
// when the video comes, and what can be done with it: watch, download, copy its link, share.
import { element, icon, setAttribute, setText, webAddress } from '../shared/dom.js';

const feedbackMs = 2500;
const shape = /^(\d{2,5})x(\d{2,5})$/;

// "720x1280" as CSS has it.
export function ratioOf(resolution) {
  const [, width, height] = shape.exec(resolution ?? '') ?? [0, 16, 9];
  return `${width} / ${height}`;
}

export class Card {
  constructor(words, say) {
    this.words = words;
    this.say = say;  // tells a screen reader
    this.url = null;
    this.frame = element('div', { class: 'frame', part: 'frame' });
    this.name = element('h3', { class: 'name' });
    this.state = element('p', { class: 'state' });
    this.actions = element('div', { class: 'actions' });
    const kind = navigator.share ? 'card sharing' : 'card';  // so wide are its buttons
    this.element = element('li', { class: kind, part: 'video' }, this.frame,
      element('div', { class: 'foot' }, element('div', {}, this.name, this.state), this.actions));
  }

  show({ name, state, file, resolution }) {
    setText(this.name, name);
    setAttribute(this.element, 'data-state', state);
    if (!this.feedback) setText(this.state, this.words.say(state));
    this.frame.style.aspectRatio = ratioOf(resolution);
    const url = state === 'done' ? webAddress(file.url) : null;
    if (url === this.url) return;
    this.url = url;
    if (url) this.#play(name, webAddress(file.thumbnailUrl));
    else this.#clear();
  }

  #clear() {
    this.frame.replaceChildren();
    this.actions.replaceChildren();
  }

  #play(name, poster) {
    const video = element('video', {
      controls: true, playsinline: true, preload: 'metadata', poster, src: this.url,
      'aria-label': name,
    });
    video.addEventListener('error', () => this.#broken());
    this.frame.replaceChildren(video);
    const actions = [this.#download(), this.#button('copy', 'link', () => this.#copy())];
    if (navigator.share) actions.push(this.#button('share', 'share', () => this.#share(name)));
    this.actions.replaceChildren(...actions);
  }

  // The file may be fine all the same: a format that this browser lacks, a network that blocks it.
  #broken() {
    this.frame.replaceChildren(element('p', { class: 'broken' }, this.words.say('broken'), ' ',
      this.#link(this.words.say('open'))));
  }

  #link(...content) {
    const attributes = { href: this.url, target: '_blank', rel: 'noopener noreferrer' };
    return element('a', attributes, ...content);
  }

  // Of a file on another origin the browser makes a page, not a download: then in a tab of its own.
  #download() {
    const link = this.#link(icon('download'), this.words.say('download'));
    link.className = 'action main';
    link.setAttribute('part', 'download');
    link.download = '';
    return link;
  }

  #button(key, drawing, act) {
    const label = this.words.say(key);
    const button = element('button',
      { type: 'button', class: `action ${key}`, part: key, 'aria-label': label, title: label },
      icon(drawing), element('span', { class: 'words' }, label));
    button.addEventListener('click', act);
    return button;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.url);
      this.#flash();
    } catch {
      this.#copyByHand();  // no permission, or a page without TLS
    }
  }

  #flash() {
    const text = this.words.say('copied');
    setText(this.state, text);
    this.say(text);
    this.actions.querySelector('.copy svg').replaceWith(icon('check'));
    clearTimeout(this.feedback);
    this.feedback = setTimeout(() => {
      this.feedback = 0;
      setText(this.state, this.words.say('done'));
      this.actions.querySelector('.copy svg')?.replaceWith(icon('link'));
    }, feedbackMs);
  }

  #copyByHand() {
    let field = this.element.querySelector('input');
    if (!field) {
      field = element('input', { readonly: true });
      this.element.append(
        element('label', { class: 'by-hand' }, this.words.say('copyByHand'), field));
    }
    field.value = this.url;
    field.focus();
    field.select();
  }

  #share(title) {
    navigator.share({ title, url: this.url }).catch(() => null);  // closed without sharing
  }
}
