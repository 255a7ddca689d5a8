// The sandbox's OpenRouter over HTTP. OpenRouter has no client package in this repository, so the
// calls are written as its documentation has them.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { after, before, describe, test } = require('node:test');
const { Sandbox, eventually, startEndpoint } = require('./support/sandbox.js');

describe('OpenRouter, as the sandbox plays it', () => {
  let sandbox;
  before(async () => { sandbox = await Sandbox.start(['--generate-ms', '100']); });
  after(() => sandbox.stop());

  const call = async (method, path, body, key = 'sk-or-v1-any') => {
    const response = await fetch(`${sandbox.url}/openrouter/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, ...await response.json() };
  };
  const wish = { model: 'google/veo-3.1', prompt: 'a cat at dusk', duration: 8 };
  const ended = (id) => eventually(async () => {
    const job = await call('GET', `videos/${id}`);
    return ['pending', 'in_progress'].includes(job.status) ? null : job;
  });

  test('a job is pending, then completed, with its cost, and the ledger counts it', async () => {
    const made = await call('POST', 'videos', wish);
    assert.match(made.id, /^gen-vid-\d+-[A-Za-z0-9]{20}$/);
    assert.equal(made.polling_url, `/api/v1/videos/${made.id}`);
    const { urls: [signed], unsigned_urls: [content], usage } = await ended(made.id);
    assert.deepEqual(usage, { cost: 3.2, is_byok: false });
    assert.equal((await fetch(signed)).headers.get('content-type'), 'video/mp4');
    assert.equal((await fetch(content)).status, 401);
    const video = await fetch(content, { headers: { authorization: 'Bearer sk-or-v1-any' } });
    assert.equal(video.headers.get('content-type'), 'video/mp4');
    const { generations } = await sandbox.ledger('generations');
    assert.deepEqual(generations.map((one) => [one.provider, one.prompt, one.state]),
      [['openrouter', wish.prompt, 'done']]);
  });

  test('a failed job, a bad key, bad inputs and an empty account say so', async () => {
    await sandbox.faults({ match: 'POST /openrouter/api/v1/videos', action: { task: 'error' } });
    const failed = await ended((await call('POST', 'videos', wish)).id);
    assert.equal(failed.status, 'failed');
    assert.equal(typeof failed.error, 'string');
    assert.equal((await call('POST', 'videos', wish, 'nonsense')).error.code, 401);
    assert.equal((await call('POST', 'videos', { ...wish, prompt: '' })).error.code, 400);
    assert.equal((await call('POST', 'videos', { ...wish, model: 'a/b' })).error.code, 404);
    assert.equal((await call('GET', 'videos/unknown')).error.code, 404);
    await sandbox.faults({ match: 'POST /openrouter/api/v1/videos', action: { status: 402 } });
    assert.equal((await call('POST', 'videos', wish)).error.code, 402);
  });

  test('a callback is signed with the secret of the workspace', async () => {
    const endpoint = await startEndpoint();
    const made = await call('POST', 'videos', { ...wish, callback_url: endpoint.url });
    await eventually(() => endpoint.received.length === 1);
    const [{ headers, body }] = endpoint.received;
    const form = /^t=(\d+),v1=([0-9a-f]{64})$/;
    const [, time, signature] = form.exec(headers['x-openrouter-signature']);
    const good = crypto.createHmac('sha256', 'sandbox-openrouter-secret')
      .update(`${time},${body}`).digest('hex');
    assert.equal(signature, good);
    assert.equal(JSON.parse(body).type, 'video.generation.completed');
    assert.equal(JSON.parse(body).data.id, made.id);
    await endpoint.stop();
  });
});
