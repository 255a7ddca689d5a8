// Real time, the only clock of the torture rig: pauses, waiting with a limit, and a gate that makes
// whoever comes to it wait while it is shut.
'use strict';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// What `promise` gives; after `ms` an error that says what was waited for.
async function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

class Gate {
  constructor() { this.waiting = null; }
  get isShut() { return this.waiting !== null; }
  shut() { this.waiting ??= new Promise((resolve) => { this.release = resolve; }); }
  open() {
    if (!this.waiting) return;
    this.waiting = null;
    this.release();
  }
  async passed() {
    while (this.waiting) await this.waiting;
  }
}

// 61000 -> "1:01"
function clockText(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

module.exports = { Gate, clockText, pause, within };
