// fal's side of claimcheck-sandbox, driven by fal's own client, and its callbacks verified by
// Node's crypto.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { after, before, test } = require('node:test');
const { createFalClient } = require('@fal-ai/client');
const { Sandbox, eventually, startEndpoint } = require('./support/sandbox.js');

const key = 'id:secret';
const model = 'fal-ai/veo3/fast';
let sandbox;
before(async () => { sandbox = await Sandbox.start(['--generate-ms', '200']); });
after(() => sandbox.stop());

// The client knows fal's host only: the host alone is replaced.
const client = (credentials = key) => createFalClient({
  credentials,
  fetch: (url, init) =>
    fetch(String(url).replace('https://queue.fal.run/', `${sandbox.url}/fal/`), init),
  retry: { maxRetries: 0 },
});
const submit = (more = {}, to = model) =>
  client().queue.submit(to, { input: { prompt: 'a cat', duration: '8s' }, ...more });
const completed = (requestId, of = model) => eventually(async () => {
  const status = await client().queue.status(of, { requestId });
  return status.status === 'COMPLETED' && status;
});
const task = (how) => sandbox.faults({ match: 'POST /fal/*', action: { task: how } });

test('a job is accepted, waits, runs and gives a file of its kind', async () => {
  const prompt = `a cat ${crypto.randomUUID()}`;
  const job = await submit({ input: { prompt } });
  assert.equal(job.status, 'IN_QUEUE');
  assert.equal(job.status_url, `${sandbox.url}/fal/fal-ai/veo3/requests/${job.request_id}/status`);
  const { status } = await client().queue.status(model, { requestId: job.request_id });
  assert.match(status, /^IN_(QUEUE|PROGRESS)$/);
  await completed(job.request_id);
  const { data, requestId } = await client().queue.result(model, { requestId: job.request_id });
  assert.equal(requestId, job.request_id);
  const file = await fetch(data.video.url);
  assert.equal(file.headers.get('content-type'), 'video/mp4');
  const { generations } = await sandbox.ledger('generations');
  const made = generations.filter((one) => one.prompt === prompt);
  assert.deepEqual(made.map((one) => [one.provider, one.state]), [['fal', 'done']]);
});

test('images and sound have the members that fal gives them', async () => {
  for (const [to, find] of [['fal-ai/flux/dev', (data) => data.images[0]],
    ['fal-ai/stable-audio', (data) => data.audio]]) {
    const { request_id: requestId } = await submit({}, to);
    await completed(requestId, to);
    const { data } = await client().queue.result(to, { requestId });
    const file = await fetch(find(data).url);
    assert.equal(file.headers.get('content-type'), find(data).content_type);
  }
});

test('refused content, a missing prompt and a failed runner are told apart by type', async () => {
  const ends = async (more) => {
    const { request_id: requestId } = await submit(more);
    const { error } = await completed(requestId);
    const told = await client().queue.result(model, { requestId }).then(
      () => assert.fail('it has a result'), (thrown) => thrown);
    assert.equal(error, `Invalid status code: ${told.status}`);
    return [told.status, told.body.error_type ?? told.body.detail[0].type];
  };
  await task('refused');
  assert.deepEqual(await ends(), [422, 'content_policy_violation']);
  await task('error');
  assert.deepEqual(await ends(), [500, 'runner_server_error']);
  assert.deepEqual(await ends({ input: { text: 'a cat' } }), [422, 'missing']);
});

test('a job that waits can be cancelled, one that has ended cannot', async () => {
  const { request_id: requestId } = await submit();
  await client().queue.cancel(model, { requestId });
  const status = await completed(requestId);
  if (status.error) assert.equal(status.error_type, 'client_cancelled');
  const late = await client().queue.cancel(model, { requestId }).catch((thrown) => thrown);
  assert.deepEqual([late.status, late.body.status], [400, 'ALREADY_COMPLETED']);
  const none = await client().queue.cancel(model, { requestId: crypto.randomUUID() })
    .catch((thrown) => thrown);
  assert.deepEqual([none.status, none.body.status], [404, 'NOT_FOUND']);
});

test('another key is refused, and nothing is made', async () => {
  const before_ = (await sandbox.ledger('generations')).generations.length;
  const told = await client('wrong').queue.submit(model, { input: { prompt: 'x' } })
    .catch((thrown) => thrown);
  assert.equal(told.status, 401);
  assert.equal((await sandbox.ledger('generations')).generations.length, before_);
});

test('a callback is signed by a published key, and repeated until it is taken', async () => {
  const shop = await startEndpoint((seen, count) => (count === 1 ? 500 : 200));
  const { request_id: requestId } = await submit({ webhookUrl: `${shop.url}/cb?model=x` });
  await eventually(() => shop.received.length === 2);
  await shop.stop();
  const { headers, body } = shop.received[1];
  const told = JSON.parse(body);
  assert.deepEqual([told.request_id, told.status], [requestId, 'OK']);
  assert.ok(told.payload.video.url);
  const header = (name) => headers[`x-fal-webhook-${name}`];
  const message = [header('request-id'), header('user-id'), header('timestamp'),
    crypto.createHash('sha256').update(body).digest('hex')].join('\n');
  const { keys } = await (await fetch(`${sandbox.url}/fal/.well-known/jwks.json`)).json();
  const fits = keys.filter((jwk) => crypto.verify(null, Buffer.from(message),
    crypto.createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(header('signature'), 'hex')));
  assert.deepEqual([keys.length, fits.length], [2, 1]);
});
