// How a downloaded file is called: "my-shop-x7Y8z9-1.png", by the shop's name (else the tool's),
// the end of the order's number as the page shows it, the file's place in the order, and its kind.
// Browsers follow it for files of our own origin; others bring their names along.
import { face } from '../shared/face.js';

// As domain/media.cpp has them; the first of each is the one where the address shows none.
const endings = {
  video: ['mp4', 'webm', 'mov'],
  image: ['png', 'jpg', 'jpeg', 'webp', 'gif', 'avif'],
  audio: ['mp3', 'wav', 'ogg', 'flac', 'm4a', 'aac'],
};
const nameLength = 40;
const numberEnd = 6;  // letters, as facts.js shows them

// Letters and digits of every script stay; everything else could mean something to a file system.
function plain(name) {
  const words = name.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return Array.from(words.join('-')).slice(0, nameLength).join('').replace(/-+$/, '');
}

// Of an order: what it shows, a video where the kind is not known here.
export const kindOf = ({ media }) => (Object.hasOwn(endings, media ?? '') ? media : 'video');

export function fileName(order, session, number, url) {
  const kind = kindOf(order);
  const shown = /\.(\w+)$/.exec(new URL(url).pathname)?.[1].toLowerCase();
  const ending = endings[kind].includes(shown) ? shown : endings[kind][0];
  const whose = plain(face.name || '') || plain(order.toolTitle || '') || kind;
  return `${whose}-${session.slice(-numberEnd)}-${number}.${ending}`;
}
