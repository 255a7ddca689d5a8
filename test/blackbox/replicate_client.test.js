// The sandbox's Replicate, driven with Replicate's own package: what claimcheck's adapter is tried
// against must satisfy a client that others wrote.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const Replicate = require('replicate');
const { Sandbox, eventually, startEndpoint } = require('./support/sandbox.js');

const model = 'google/veo-3-fast';
const input = { prompt: 'a cat at dawn', duration: 8 };

describe('Replicate, as the sandbox plays it', () => {
  let sandbox;
  let replicate;
  const client = (auth) => new Replicate({
    auth, baseUrl: `${sandbox.url}/replicate/v1`, useFileOutput: false,
  });
  before(async () => {
    sandbox = await Sandbox.start(['--generate-ms', '100']);
    replicate = client('r8_any');
  });
  after(() => sandbox.stop());

  const statusOf = (error) => error.response.status;
  const ended = (id) => eventually(async () => {
    const seen = await replicate.predictions.get(id);
    return ['starting', 'processing'].includes(seen.status) ? null : seen;
  });

  test('a prediction starts, succeeds and shows a video, and the ledger counts it', async () => {
    const made = await replicate.predictions.create({ model, input });
    assert.equal(made.status, 'starting');
    assert.match(made.id, /^[a-z0-9]{26}$/);
    const done = await ended(made.id);
    assert.equal(done.status, 'succeeded');
    assert.ok(done.completed_at);
    const video = await fetch(done.output);
    assert.equal(video.headers.get('content-type'), 'video/mp4');
    const { generations } = await sandbox.ledger('generations');
    const ours = generations.filter((one) => one.prompt === input.prompt);
    assert.deepEqual(ours.map((one) => [one.provider, one.generation_config_name, one.state]),
      [['replicate', model, 'done']]);
  });

  test('run() of the package ends with the address of the output', async () => {
    const output = await replicate.run(model, { input, wait: { mode: 'poll', interval: 20 } });
    assert.match(output, /\.mp4$/);
    const images = await replicate.run('black-forest-labs/flux-schnell', { input });
    assert.match(images[0], /\.webp$/);
  });

  test('a version is run as well, and one that does not exist is a 422 of its own', async () => {
    const made = await replicate.predictions.create({ version: '5c7d5dc6dd8bf75c', input });
    assert.equal(made.version, '5c7d5dc6dd8bf75c');
    await assert.rejects(replicate.predictions.create({ version: 'gone', input }),
      (error) => statusOf(error) === 422 && /Invalid version or not permitted/.test(error.message));
  });

  test('a prediction that is cancelled makes nothing', async () => {
    await sandbox.faults({ match: 'POST /replicate/v1/models/*', action: { task: 'never' } });
    const made = await replicate.predictions.create({ model, input });
    assert.equal((await replicate.predictions.cancel(made.id)).status, 'canceled');
    assert.equal((await replicate.predictions.get(made.id)).output, null);
  });

  test('failed and refused predictions say so in their error', async () => {
    await sandbox.faults({ match: 'POST /replicate/v1/models/*', action: { task: 'error' } },
      { match: 'POST /replicate/v1/models/*', action: { task: 'refused' } });
    const failed = await ended((await replicate.predictions.create({ model, input })).id);
    assert.equal(failed.status, 'failed');
    const refused = await ended((await replicate.predictions.create({ model, input })).id);
    assert.equal(refused.status, 'failed');
    assert.match(refused.error, /\(E005\)$/);
  });

  test('a bad key, bad inputs, an unknown model and an empty account are refused', async () => {
    const create = (who, what = { model, input }) => who.predictions.create(what);
    await assert.rejects(create(client('nonsense')), (error) => statusOf(error) === 401);
    await assert.rejects(create(replicate, { model, input: {} }),
      (error) => statusOf(error) === 422);
    await assert.rejects(create(replicate, { model: 'gone/model', input }),
      (error) => statusOf(error) === 404);
    await assert.rejects(replicate.predictions.get('unknown'), (error) => statusOf(error) === 404);
    await assert.rejects(replicate.models.get('gone', 'model'),
      (error) => statusOf(error) === 404);
    assert.equal((await replicate.models.get('google', 'veo-3-fast')).owner, 'google');
    await sandbox.faults({ match: 'POST /replicate/v1/models/*',
      action: { status: 402, execute: false } });
    await assert.rejects(create(replicate), (error) => statusOf(error) === 402);
  });

  test('a webhook is signed as the package verifies it, and repeated until a 2xx', async () => {
    const endpoint = await startEndpoint((seen, count) => (count === 1 ? 500 : 200));
    const { key } = await replicate.webhooks.default.secret.get();
    const made = await replicate.predictions.create({
      model, input, webhook: endpoint.url, webhook_events_filter: ['completed'],
    });
    await eventually(() => endpoint.received.length === 2);
    const [, second] = endpoint.received;
    const body = second.body.toString();
    assert.equal(JSON.parse(body).id, made.id);
    assert.equal(JSON.parse(body).status, 'succeeded');
    const valid = (text) => Replicate.validateWebhook({
      id: second.headers['webhook-id'], timestamp: second.headers['webhook-timestamp'],
      signature: second.headers['webhook-signature'], body: text, secret: key,
    });
    assert.equal(await valid(body), true);
    assert.equal(await valid(`${body} `), false);
    await endpoint.stop();
  });

  test('an hour after its end, inputs and output of a prediction are gone', async () => {
    const made = await replicate.predictions.create({ model, input });
    const { output } = await ended(made.id);
    await sandbox.advance(3600);
    const removed = await replicate.predictions.get(made.id);
    assert.equal(removed.data_removed, true);
    assert.equal(removed.output, null);
    assert.equal((await fetch(output)).status, 404);
  });
});
