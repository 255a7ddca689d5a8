// The Redis servers that are here: { name: program }.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const newer = path.join(__dirname, '..', '..', '..', '.deps', 'servers');
const servers = { 'the system\'s Redis': 'redis-server' };
for (const name of ['redis8', 'valkey8']) {
  const program = path.join(newer, name, 'redis-server');
  if (fs.existsSync(program)) servers[name] = program;
}

module.exports = { servers };
