// The generator side of claimcheck-sandbox, held against the recorded samples of the real one.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { Sandbox, eventually } = require('./support/sandbox.js');

const { samples } = JSON.parse(fs.readFileSync(
  path.join(__dirname, '..', 'data', 'superduperai-samples.json')));
const sample = (name) => samples.find((one) => one.name === name).response.json;
const token = 'a'.repeat(32);

let sandbox;
before(async () => { sandbox = await Sandbox.start(['--generate-ms', '100']); });
after(() => sandbox.stop());

async function ask(method, route, body, headers = { authorization: `Bearer ${token}` }) {
  const response = await fetch(sandbox.url + route, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : text };
}

const config = (more = {}) => ({
  prompt: 'A calm lake at dawn, slow dolly shot', negative_prompt: '', width: 1280, height: 720,
  aspect_ratio: '16:9', duration: 8, seed: 483920,
  generation_config_name: 'google-cloud/veo3-text2video', references: [], ...more,
});
const submit = (more) => ask('POST', '/api/v1/file/generate-video', { config: config(more) });
const poll = (id) => ask('GET', `/api/v1/file/${id}`);
const ended = (id) => eventually(async () => {
  const { json } = await poll(id);
  return json.tasks[0].status !== 'in_progress' && json;
});

// Shape: names and kinds of all members, `null` fits everything.
function assertShape(actual, expected, at = '') {
  if (expected === null || actual === null) return;
  assert.equal(typeof actual, typeof expected, at);
  if (typeof expected !== 'object') return;
  if (Array.isArray(expected)) {
    if (expected.length && actual.length) assertShape(actual[0], expected[0], at + '[]');
    return;
  }
  const free = at.endsWith('.params');
  if (!free) assert.deepEqual(Object.keys(actual), Object.keys(expected), at);
  for (const name of Object.keys(expected)) {
    if (!free) assertShape(actual[name], expected[name], `${at}.${name}`);
  }
}

test('a generation is accepted, runs and gives a playable file', async () => {
  const accepted = await submit();
  assert.equal(accepted.status, 200);
  assertShape(accepted.json, sample('submit_accepted'));
  assert.equal(accepted.json.url, null);
  assert.equal(accepted.json.tasks[0].status, 'in_progress');
  assert.equal(accepted.json.video_generation.seed, 483920);

  const file = await ended(accepted.json.id);
  assertShape(file, sample('file_completed'));
  assert.equal(file.tasks[0].status, 'completed');
  assert.equal(file.duration, 8);
  assert.match(file.url, /\/generated\/video\/\d+\/\d+\/\d+\/\d+\/[0-9A-Za-z]{22}\.mp4$/);

  const video = await fetch(file.url);
  assert.equal(video.headers.get('content-type'), 'video/mp4');
  const bytes = Buffer.from(await video.arrayBuffer());
  assert.equal(bytes.toString('latin1', 4, 8), 'ftyp');
  assert.ok(bytes.length < 60 * 1024);
  const part = await fetch(file.url, { headers: { range: 'bytes=-10' } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'),
    `bytes ${bytes.length - 10}-${bytes.length - 1}/${bytes.length}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(-10));
  const beyond = await fetch(file.url, { headers: { range: `bytes=${bytes.length}-` } });
  assert.equal(beyond.status, 416);
  const image = await fetch(file.thumbnail_url);
  assert.equal(image.headers.get('content-type'), 'image/webp');
});

test('a file has no address before it is completed', async () => {
  const { json } = await submit();
  await sandbox.finishGeneration(json.id, 'error');
  const failed = (await poll(json.id)).json;
  assert.equal(failed.url, null);
  assert.equal(failed.tasks[0].status, 'error');
  assertShape(failed, sample('file_failed') ?? sample('submit_accepted'));
});

test('prompts arrive byte for byte, at any length', async () => {
  const prompt = '“Grüße” 🎬\u0000\n\t\\ {{x}} '.repeat(40000);
  const { json } = await submit({ prompt, seed: 77 });
  assert.equal(json.video_generation.prompt, prompt);
  const { generations } = await sandbox.ledger('generations');
  const kept = generations.find((one) => one.id === json.id);
  assert.equal(kept.prompt_sha256, crypto.createHash('sha256').update(prompt).digest('hex'));
  assert.equal(kept.prompt_bytes, Buffer.byteLength(prompt));
  assert.deepEqual(kept.raw_config, config({ prompt, seed: 77 }));
  assert.equal(kept.seed, 77);
});

test('the list is newest first and has pages', async () => {
  const made = [];
  for (const seed of [1, 2, 3]) made.unshift((await submit({ seed })).json.id);
  const list = (query) => ask('GET', `/api/v1/file?types=video&order_by=created_at${query}`);
  const first = await list('&order=descendent&limit=2&offset=0');
  assertShape(first.json, sample('list_files'));
  assert.deepEqual(first.json.items.map((file) => file.id), made.slice(0, 2));
  assert.equal(first.json.limit, 2);
  assert.notEqual(first.json.next, null);
  const second = await list('&order=descendent&limit=2&offset=2');
  assert.equal(second.json.items[0].id, made[2]);
  const upwards = await list('&order=ascendent&limit=50');
  assert.equal(upwards.json.items.at(-1).id, made[0]);
  assert.equal((await ask('GET', '/api/v1/file?types=image')).json.total, 0);
});

test('refusals are those of the framework', async () => {
  const { generation_config_name: name, ...nameless } = config();
  assert.ok(name);
  const missing = await ask('POST', '/api/v1/file/generate-video', { config: nameless });
  assert.equal(missing.status, 422);
  assert.deepEqual(missing.json.detail[0].loc, ['body', 'config', 'generation_config_name']);
  assertShape(missing.json.detail[0], { ...sample('validation_422').detail[0], input: null });
  assert.equal((await submit({ seed: 'seven' })).status, 422);
  assert.equal((await submit({ generation_config_name: 'nobody/nothing' })).status, 400);
  assert.equal((await poll('not-a-uuid')).status, 422);
  const unknown = await poll('0f6b1c1e-5a0d-4c57-9d0e-6a2a8a4d1001');
  assert.deepEqual([unknown.status, unknown.json], [404, sample('not_found_404')]);
  const none = await ask('GET', '/api/v1/user/me', undefined, {});
  assert.deepEqual([none.status, none.json], [403, sample('forbidden_403')]);
  const bad = await ask('GET', '/api/v1/user/me', undefined, { authorization: 'Bearer short' });
  assert.deepEqual([bad.status, bad.json], [401, sample('unauthorized_401')]);
});

test('an image configuration without a reference is accepted and fails', async () => {
  const { status, json } = await submit({ generation_config_name: 'google-cloud/veo3' });
  assert.equal(status, 200);
  assert.equal((await ended(json.id)).tasks[0].status, 'error');
});

test('account, configurations and ping answer', async () => {
  assertShape((await ask('GET', '/api/v1/user/me')).json, sample('user_me'));
  const known = (await ask('GET', '/api/v1/generation-config?order_by=name&limit=50')).json;
  assertShape(known, sample('generation_config_list'));
  assert.ok(known.items.some((one) => one.name === 'google-cloud/veo3-text2video'));
  assert.equal((await ask('GET', '/api/v1/ping', undefined, {})).status, 200);
});

test('faults: a failing job, a job without end, an answer lost after acceptance', async () => {
  const rule = (action) => ({ match: 'POST /api/v1/file/generate-video', action });
  await sandbox.faults(rule({ task: 'error' }), rule({ task: 'never' }),
    rule({ execute: true, drop: true }), rule({ status: 503 }), rule({ html: true }));
  assert.equal((await ended((await submit({ seed: 11 })).json.id)).tasks[0].status, 'error');

  const endless = (await submit({ seed: 12 })).json.id;
  const other = (await ask('GET', '/api/v1/file?limit=1')).json.items[0];
  assert.equal(other.id, endless);
  await sandbox.advance(3600);
  assert.equal((await poll(endless)).json.tasks[0].status, 'in_progress');
  await sandbox.finishGeneration(endless, 'completed');
  assert.notEqual((await poll(endless)).json.url, null);

  await assert.rejects(submit({ seed: 13 }));
  const { items } = (await ask('GET', '/api/v1/file?limit=5')).json;
  assert.equal(items.filter((file) => file.video_generation.seed === 13).length, 1);

  assert.equal((await submit({ seed: 14 })).status, 503);
  const page = await submit({ seed: 15 });
  assert.equal(page.status, 200);
  assert.match(page.json, /^<!DOCTYPE html>/);
  const { generations } = await sandbox.ledger('generations');
  assert.ok(!generations.some((one) => one.seed === 14 || one.seed === 15));
});
