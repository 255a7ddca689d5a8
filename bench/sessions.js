// Session values as the system that claimcheck replaces writes them (JSON.stringify's order, 30
// days to live), under ids as long as Stripe's. The same numbers give the same values each time.
'use strict';

const words = {
  english: 'a cinematic drone shot of the city at night rain falling neon light slow motion camera '
    + 'moves through crowd woman smiles looks at ocean golden hour',
  russian: 'кадр с дрона над ночным городом идёт дождь неоновый свет камера медленно движется '
    + 'сквозь толпу девушка улыбается на закате у моря',
};
const lifeSeconds = 30 * 86400;
const pipelined = 500;

// Mulberry32: a small generator of numbers from 0 to 1, by seed.
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const idOf = (number) =>
  `cs_test_a1Qm7xT0cVb9LkZr4WnYs2HdGj8EuPf6NoRiXa3BvKtMqC${String(number).padStart(12, '0')}`;

// A text with quotes, line breaks and tabs, which JSON must escape.
function prompt(random, length) {
  const list = words[random() < 0.2 ? 'russian' : 'english'].split(' ');
  let text = '';
  while (text.length < length) {
    const word = list[Math.floor(random() * list.length)];
    const kind = random();
    if (kind < 0.04) text += `"${word}" `;
    else text += word + (kind < 0.08 ? '\n ' : kind < 0.09 ? '\t ' : ' ');
  }
  return text.slice(0, length);
}

function uuid(random) {
  const hex = (digits) => Array.from({ length: digits }, () =>
    Math.floor(random() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-9${hex(3)}-${hex(12)}`;
}

function sessionValue(random, promptLength) {
  const digits = (count, least, most) =>
    String(least + Math.floor(random() * (most - least + 1))).padStart(count, '0');
  const at = `2026-01-${digits(2, 1, 28)}T${digits(2, 0, 23)}:${digits(2, 0, 59)}:`
    + `${digits(2, 0, 59)}.${digits(3, 0, 999)}Z`;
  const value = {
    prompt: prompt(random, promptLength), videoCount: 1 + Math.floor(random() * 3), duration: 8,
    resolution: '1280x720', style: 'cinematic', toolSlug: 'veo3-prompt-generator',
    toolTitle: 'Free VEO3 Viral Prompt Generator', createdAt: at, status: 'pending', timestamp: at,
  };
  const kind = random();
  if (kind > 0.97) {
    value.status = 'error';
    value.error = 'SuperDuperAI API failed: 503 - upstream unavailable';
  } else if (kind > 0.15) {
    value.status = kind > 0.55 ? 'completed' : 'processing';
    value.fileId = uuid(random);
  }
  return value;
}

// Most prompts are short; one in ten has 3,000 characters, one in a hundred 30,000.
function usualLength(random) {
  const kind = random();
  return kind < 0.01 ? 30000 : kind < 0.11 ? 3000 : 200;
}

// Writes so many sessions and returns their ids. promptLength: of each, else as usual.
async function writeSessions(redis, count, promptLength) {
  const random = chance(42);
  const ids = Array.from({ length: count }, (_, number) => idOf(number));
  for (let i = 0; i < count; i += pipelined) {
    await Promise.all(ids.slice(i, i + pipelined).map((id) => redis.ask('SET', `session:${id}`,
      JSON.stringify(sessionValue(random, promptLength ?? usualLength(random))),
      'EX', lifeSeconds)));
  }
  return ids;
}

module.exports = { chance, writeSessions };
