// What the kernel says of the memory of a process.
'use strict';
const fs = require('node:fs');

// name: VmRSS (resident now), VmHWM (the most so far), VmSize, in kB.
function memoryKb(pid, name) {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]);
}

module.exports = { memoryKb };
