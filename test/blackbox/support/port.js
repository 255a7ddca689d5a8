// A port that is free now, below those that the system gives to whoever asks for any. One of those
// is taken soon while its server is away, and then two tests share one Redis.
'use strict';
const { randomInt } = require('node:crypto');
const net = require('node:net');

const lowest = 10000;
const highest = 30000;

function isFree(port) {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function freePort() {
  for (;;) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
}

// The first of so many, one after the other.
async function freePorts(count) {
  for (;;) {
    const first = await freePort();
    const others = Array.from({ length: count - 1 }, (_, i) => isFree(first + 1 + i));
    if ((await Promise.all(others)).every(Boolean)) return first;
  }
}

module.exports = { freePort, freePorts };
