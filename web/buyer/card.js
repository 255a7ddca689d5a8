// One file of an order, a video, an image or an audio file: a box of the right shape from the
// first moment on, so that nothing moves when the file comes, and what can be done with it: watch
// it, look at it or listen, download, copy its link, share.
import { shortened } from './facts.js';
import { stateText } from './story.js';
import { element, icon, setAttribute, setText, webAddress } from '../shared/dom.js';

const feedbackMs = 2500;
const shape = /^(\d{2,5})x(\d{2,5})$/;

// "720x1280" as CSS has it.
export function ratioOf(resolution) {
  const [, width, height] = shape.exec(resolution ?? '') ?? [0, 16, 9];
  return `${width} / ${height}`;
}

export class Card {
  constructor(words, kind, say) {
    this.words = words;
    this.kind = kind;  // video, image, audio
    this.say = say;  // tells a screen reader
    this.url = null;
    this.frame = element('div', { class: 'frame', part: 'frame' });
    this.name = element('h3', { class: 'name' });
    this.state = element('p', { class: 'state' });
    this.actions = element('div', { class: 'actions' });
    const look = navigator.share ? 'card sharing' : 'card';  // so wide are its buttons
    this.element = element('li', { class: look, part: 'video', 'data-media': kind }, this.frame,
      element('div', { class: 'foot' }, element('div', {}, this.name, this.state), this.actions));
  }

  // fileName: how the file at an address is called when it is downloaded.
  show({ name, state, file, order, fileName }) {
    setText(this.name, name);
    setAttribute(this.element, 'data-state', state);
    if (!this.feedback) setText(this.state, this.words.say(stateText(state, file)));
    // What is heard has no shape: its box is as high as its player.
    if (this.kind !== 'audio') this.frame.style.aspectRatio = ratioOf(order.resolution);
    const url = state === 'done' ? webAddress(file.url) : null;
    if (url === this.url) return;
    this.url = url;
    if (url) this.#fill(name, this.#viewer(name, file, order), fileName(url));
    else this.#clear();
  }

  #clear() {
    this.frame.replaceChildren();
    this.actions.replaceChildren();
  }

  #viewer(name, file, order) {
    if (this.kind === 'image') return this.#image(name, order);
    const attributes = { controls: true, preload: 'metadata', src: this.url, 'aria-label': name };
    return this.kind === 'audio' ? element('audio', attributes)
      : element('video', { ...attributes, playsinline: true,
        poster: webAddress(file.thumbnailUrl) });
  }

  // In full size in a tab of its own. Who cannot see it is told what was asked for.
  #image(name, { prompt }) {
    const alt = prompt ? `${name}: ${shortened(prompt)}` : name;
    const link = this.#link(element('img', { src: this.url, alt, decoding: 'async' }));
    link.className = 'full';
    link.title = this.words.say('open');
    return link;
  }

  #fill(name, viewer, fileName) {
    // An image's own event stays at the image, so it is caught on its way down.
    viewer.addEventListener('error', () => this.#broken(), true);
    this.frame.replaceChildren(viewer);
    const actions = [this.#download(fileName), this.#button('copy', 'link', () => this.#copy())];
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
  #download(fileName) {
    const link = this.#link(icon('download'), this.words.say('download'));
    link.className = 'action main';
    link.setAttribute('part', 'download');
    link.download = fileName;
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
