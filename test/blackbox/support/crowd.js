// One process of a Crowd (raw.js): opens the sockets that it is told to, says so, and holds them.
'use strict';
const net = require('node:net');

const atOnce = 200;  // fewer than a listen queue holds
let standing = 0;

function open(hostname, port, bytes) {
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname);
    socket.once('connect', () => {
      ++standing;
      socket.once('close', () => { --standing; });
      if (bytes) socket.write(bytes, 'latin1');
      resolve(true);
    });
    socket.on('error', () => resolve(false));
    socket.resume();
  });
}

async function begin({ base, bytes, sockets }) {
  const { hostname, port } = new URL(base);
  let opened = 0;
  for (let left = sockets; left > 0; left -= atOnce) {
    const some = Array.from({ length: Math.min(atOnce, left) }, () => open(hostname, port, bytes));
    opened += (await Promise.all(some)).filter(Boolean).length;
  }
  process.send({ opened });
}

process.on('message', (message) => {
  if (message === 'standing') process.send({ standing });
  else begin(message);
});
process.on('disconnect', () => process.exit());
