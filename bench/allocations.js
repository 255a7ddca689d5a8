// Allocations: how often a server that a test starts has asked for memory so far. `env` is for that
// server; a small library is preloaded into it.
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

class Allocations {
  constructor(folder) {
    const library = path.join(folder, 'allocations.so');
    execFileSync('clang-19', ['-shared', '-fPIC', '-O1', '-o', library,
      path.join(__dirname, 'allocations.c')]);
    this.file = path.join(folder, 'allocations');
    this.env = { LD_PRELOAD: library, ALLOCATIONS_FILE: this.file };
    fs.writeFileSync(this.file, Buffer.alloc(8));
  }

  get count() { return Number(fs.readFileSync(this.file).readBigUInt64LE()); }
}

module.exports = { Allocations };
