// The wall clock of a server that a test starts: MovedClock gives the environment that makes the
// server read it, and sets how far it is ahead.
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

class MovedClock {
  constructor(folder) {
    fs.mkdirSync(folder, { recursive: true });
    const library = path.join(folder, 'clock.so');
    execFileSync('clang-19', ['-shared', '-fPIC', '-O1', '-o', library,
      path.join(__dirname, 'clock.c')]);
    this.file = path.join(folder, 'clock.ahead');
    this.env = { LD_PRELOAD: library, CLOCK_AHEAD_FILE: this.file };
    fs.writeFileSync(this.file, Buffer.alloc(8));
  }

  set(aheadSeconds) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(aheadSeconds));
    const file = fs.openSync(this.file, 'r+');
    fs.writeSync(file, bytes, 0, 8, 0);
    fs.closeSync(file);
  }
}

module.exports = { MovedClock };
