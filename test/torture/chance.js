// Chance: random numbers by a seed and a name, so that each actor's decisions are the same in every
// run with that seed, whatever the others do.
'use strict';
const crypto = require('node:crypto');

class Chance {
  constructor(seed, name) {
    this.state = crypto.createHash('sha256').update(`${seed}/${name}`).digest().readUInt32LE();
  }
  // In [0, 1); mulberry32.
  next() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  roll(probability) { return this.next() < probability; }
  // Whole numbers, both ends included.
  between(least, most) { return least + Math.floor(this.next() * (most - least + 1)); }
  pick(list) { return list[this.between(0, list.length - 1)]; }
  shuffled(list) {
    const cards = [...list];
    for (let i = cards.length - 1; i > 0; --i) {
      const other = this.between(0, i);
      [cards[i], cards[other]] = [cards[other], cards[i]];
    }
    return cards;
  }
}

module.exports = { Chance };
