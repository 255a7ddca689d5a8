// The work index in Redis, as another process of claimcheck sees it.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const wakeScript = fs.readFileSync(
  path.join(__dirname, '../src/store/redis/lua/wake.lua'), 'utf8');

// CRC-16/XMODEM, the hash that chooses a part of it.
function crc16(text) {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; ++bit) {
      crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
    }
  }
  return crc;
}

const partOf = (id, parts) => crc16(id) % parts;
const partName = (part) => `{p${String(part).padStart(2, '0')}}`;
const dueKey = (part) => `claimcheck:${partName(part)}:due`;

async function partsOf(redis) {
  return Number(await redis.ask('HGET', 'claimcheck:meta', 'partitions'));
}

// What a process does that has no place for an order: all others hear of it.
async function wakeOthers(redis, id) {
  const part = partOf(id, await partsOf(redis));
  const woken = `claimcheck:woken:${partName(part)}`;
  await redis.ask('EVAL', wakeScript, 2, dueKey(part), woken, id);
}

module.exports = { dueKey, partOf, partsOf, wakeOthers };
