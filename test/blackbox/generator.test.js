// Everything the generator can do wrong during one paid order. The ledger decides: never more
// generations than paid videos where the generator can be asked, and nothing silently dropped.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { run } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { ask, parallel, shopTest } = require('./support/shop.js');

const submit = 'POST /api/v1/file/generate-video';
const patience = 200000;  // an unclear submit is left alone for 75 s, then looked up twice
const json = (body) => ({ body: JSON.stringify(body) });

// A paid order whose job is not done by itself. What the generator says of a job must be about that
// job, or nobody believes it: `body` is said under its id, so many times (0: always).
async function toldOf(shop, body, times) {
  await shop.sandbox.faults({ match: submit, action: { task: 'never' } });
  const id = await shop.paidOrder();
  const { fileId } = await shop.statusWhen(id, (seen) => seen.fileId);
  await shop.sandbox.faults({ match: 'GET /api/v1/file/*', times,
    action: { status: 200, ...json({ id: fileId, ...body }) } });
  return { id, fileId };
}

describe('the generator fails', parallel, () => {
  // What was accepted is found by its seed and taken over, not made again.
  const adopted = {
    'D1 the answer comes after our time-out': { execute: true, answer_delay_ms: 20000 },
    'D5 the answer is a 500, but the job was taken': { execute: true, status: 500 },
    'D1 the connection drops after the job was taken': { execute: true, drop: true },
    'D5 the answer is a web page, but the job was taken': { execute: true, html: true },
    'D5 the answer has no id, but the job was taken': { execute: true, status: 200, ...json({}) },
    'D5 the answer has an id that is none, but the job was taken':
      { execute: true, status: 200, ...json({ id: '../../x' }) },
    'D5 the answer has an id without end, but the job was taken':
      { execute: true, status: 200, ...json({ id: 'a'.repeat(5000) }) },
  };
  for (const [what, action] of Object.entries(adopted)) {
    shopTest(what, {}, async (shop) => {
      await shop.sandbox.faults({ match: submit, action });
      const id = await shop.paidOrder({ quantity: 2 });
      const { files } = await shop.completed(id, 60000);
      const made = await shop.generations();
      assert.equal(made.length, 2);
      assert.deepEqual(files.map((one) => one.fileId).sort(), made.map((one) => one.id).sort());
    });
  }

  shopTest('D2 the request reaches it after our time-out: found by its seed, not made again', {},
    async (shop) => {
      await shop.sandbox.faults({ match: submit, action: { delay_ms: 40000 } });
      const id = await shop.paidOrder();
      const { files } = await shop.completed(id, patience);
      assert.deepEqual((await shop.generations()).map((one) => one.id), [files[0].fileId]);
    });

  shopTest('D3 its list does not show a job at first: found later, not made again', {},
    async (shop) => {
      await shop.sandbox.faults(
        { match: submit, action: { execute: true, drop: true } },
        { match: 'GET /api/v1/file', times: 2,
          action: { status: 200, ...json({ items: [], total: 0, next: null }) } });
      const id = await shop.paidOrder();
      const { files } = await shop.completed(id, patience);
      assert.deepEqual((await shop.generations()).map((one) => one.id), [files[0].fileId]);
      assert.ok((await shop.requests('GET', '/api/v1/file?')).length >= 3);
    });

  shopTest('D3 520 younger files stand before the job whose answer was lost: found, not made again',
    {}, async (shop) => {
      await shop.sandbox.faults(
        { match: submit, action: { execute: true, answer_delay_ms: 10000, drop: true } });
      const id = await shop.paidOrder();
      const [made] = await eventually(async () => {
        const all = await shop.generations();
        return all.length > 0 && all;
      });
      const config = { prompt: 'x', generation_config_name: 'google-cloud/veo3-text2video' };
      for (let i = 0; i < 520; ++i) {
        const { status } = await ask(shop.sandbox.url, 'POST', '/api/v1/file/generate-video', {
          body: { config }, headers: { authorization: `Bearer ${'a'.repeat(32)}` } });
        assert.equal(status, 200);
      }
      const { files } = await shop.completed(id, 60000);
      assert.equal(files[0].fileId, made.id);
      assert.equal((await shop.generations()).length, 521);
    });

  // Nothing was started, so the same seed is sent again later.
  const refused = {
    'too many requests': { status: 429, headers: { 'retry-after': '1' }, body: 'slow down' },
    'its account is empty': { status: 402 },
    'it does not like our token': { status: 401 },
  };
  for (const [what, action] of Object.entries(refused)) {
    shopTest(what, {}, async (shop) => {
      await shop.sandbox.faults({ match: submit, times: 2, action });
      const id = await shop.paidOrder();
      await shop.completed(id);
      assert.equal((await shop.generations()).length, 1);
      const seeds = (await shop.requests('POST', '/api/v1/file/generate-video'))
        .map((one) => JSON.parse(one.body).config.seed);
      assert.equal(seeds.length, 3);
      assert.equal(new Set(seeds).size, 1);
    });
  }

  shopTest('D4 an empty account: one order asks, all others wait; all go on when it is filled', {},
    async (shop) => {
      await shop.sandbox.faults({ match: submit, times: 0, action: { status: 402 } });
      const asked = () => shop.requests('POST', '/api/v1/file/generate-video');
      const ids = [await shop.paidOrder()];
      await eventually(async () => (await asked()).length > 0);
      ids.push(...await Promise.all(Array.from({ length: 8 }, () => shop.paidOrder())));
      await eventually(async () => (await asked()).length >= 3);
      assert.ok((await asked()).length <= 4);
      await shop.sandbox.clearFaults();
      for (const id of ids) await shop.completed(id, 60000);
      assert.equal((await shop.generations()).length, ids.length);
    });

  shopTest('C23 a second program fulfils too: its video is taken over, not made again, and told of',
    {}, async (shop) => {
      const id = await shop.order({ quantity: 2 });
      const config = { prompt: 'x', width: 1280, height: 720, aspect_ratio: '16:9', duration: 8,
        seed: 1, generation_config_name: 'google-cloud/veo3-text2video',
        negative_prompt: '', references: [] };
      const made = await ask(shop.sandbox.url, 'POST', '/api/v1/file/generate-video', {
        body: { config }, headers: { authorization: `Bearer ${'a'.repeat(32)}` } });
      assert.equal(made.status, 200, made.text);
      const value = JSON.parse(await shop.redis('GET', `session:${id}`));
      const theirs = JSON.stringify({ ...value, status: 'processing', fileId: made.json.id });
      await shop.redis('SET', `session:${id}`, theirs, 'EX', '3600');
      await shop.sandbox.pay(id);
      const { files } = await shop.completed(id);
      assert.equal(files[0].fileId, made.json.id);
      assert.equal((await shop.generations()).length, 2);
      assert.equal(shop.server.events('second_fulfiller').length, 1);
    });

  for (const [what, action] of Object.entries({
    'is not there': { status: 404 }, 'may not be read': { status: 403 },
    'is a web page': { html: true }, 'is empty': { status: 416 },
  })) {
    shopTest(`D7 the video ${what} at first: delivered when it is there`, {}, async (shop) => {
      await shop.sandbox.faults({ match: 'GET /media/*', times: 2, action });
      await shop.completed(await shop.paidOrder());
      assert.equal((await shop.requests('GET', '/media/')).length, 3);
      assert.equal(shop.server.events('video_not_there').length, 2);
    });
  }

  shopTest('D7 nobody answers for the video: it is delivered', {}, async (shop) => {
    await shop.sandbox.faults({ match: 'GET /media/*', times: 0, action: { drop: true } });
    await shop.completed(await shop.paidOrder());
  });

  shopTest('D6 completed without an address: delivered when there is one', {}, async (shop) => {
    const tasks = [{ type: 'video-generation-flow', status: 'completed', id: 'x', file_id: 'y' }];
    const { id, fileId } = await toldOf(shop, { url: null, tasks }, 3);
    await shop.sandbox.finishGeneration(fileId, 'completed');
    await shop.completed(id);
    assert.ok((await shop.requests('GET', '/api/v1/file/')).length >= 4);
    assert.equal((await shop.generations()).length, 1);
  });

  for (const [what, body] of Object.entries({
    'D6 without an address for ever': { url: null, tasks: [] },
    'D8 never finished': { url: null, tasks: [{ type: 'video-generation-flow',
      status: 'in_progress', id: 'x', file_id: null }] },
  })) {
    const name = `${what}: paid back after the deadline`;
    shopTest(name, { ownRedis: true }, async (shop) => {
      const { id } = await toldOf(shop, body, 0);
      const claim = `claim:{session:${id}}`;
      await eventually(async () => await shop.redis('HGET', claim, 'u0.state') === 'running');
      await shop.server.stop();
      const begun = Number(await shop.redis('HGET', claim, 'u0.accepted_us'));
      await shop.redis('HSET', claim, 'u0.accepted_us', String(begun - 20 * 60 * 1e6));
      await shop.start();
      const seen = await shop.statusWhen(id, (one) => one.refund?.status === 'refunded');
      assert.equal(seen.status, 'error');
      assert.equal((await shop.sandbox.ledger('refunds')).refunds.length, 1);
    });
  }

  shopTest('a conflict is tried once more, with another seed', {}, async (shop) => {
    await shop.sandbox.faults({ match: submit, action: { status: 409 } });
    await shop.completed(await shop.paidOrder());
    const seeds = (await shop.requests('POST', '/api/v1/file/generate-video'))
      .map((one) => JSON.parse(one.body).config.seed);
    assert.equal(new Set(seeds).size, 2);
  });

  for (const [what, action, why] of [
    ['a job that fails', { task: 'error' }, ''],
    ['D13 a rejected prompt', { status: 422 }, ': the service does not accept what was ordered'],
  ]) {
    shopTest(`${what} is held when refunds are manual`, {
      settings: { CLAIMCHECK_REFUNDS: 'manual' },
    }, async (shop) => {
      await shop.sandbox.faults({ match: submit, action });
      const id = await shop.paidOrder({ quantity: 3 });
      const seen = await shop.statusWhen(id, (one) => one.progress === 66);
      assert.equal(seen.status, 'processing');
      assert.match(seen.message, /^1 of 3 videos could not be made.*a person looks at it/);
      const [error] = seen.files.map((one) => one.error).filter(Boolean);
      assert.equal(error, `This video could not be made${why}.`);
      const told = await run(['session', 'show', id], shop.server.settings);
      assert.equal(told.code, 0, told.stderr);
      assert.match(told.stdout, /order +held/);
      assert.match(told.stdout, /the generator (reported an error|rejected it \(422\))/);
      assert.deepEqual((await shop.sandbox.ledger('refunds')).refunds, []);
    });
  }

  shopTest('polls that fail are asked again', {}, async (shop) => {
    await shop.sandbox.faults(
      { match: 'GET /api/v1/file/*', action: { status: 404 } },
      { match: 'GET /api/v1/file/*', action: { status: 524, html: true } },
      { match: 'GET /api/v1/file/*', action: { status: 429 } },
      { match: 'GET /api/v1/file/*', action: { drop: true } });
    await shop.completed(await shop.paidOrder());
    assert.equal((await shop.generations()).length, 1);
  });

  shopTest('a file with a URL is ready whatever its tasks say', {}, async (shop) => {
    const url = 'https://media.example/generated/a\\b.mp4';
    const tasks = [{ type: 'video-generation-flow', status: 'error', id: 'x', file_id: 'y' }];
    const { id } = await toldOf(shop, { url, tasks }, 1);
    const { files: [file] } = await shop.completed(id);
    assert.equal(file.url, 'https://media.example/generated/a%5Cb.mp4');
  });

  shopTest('the triple price makes three for each quantity', {}, async (shop) => {
    const { files, videoCount } = await shop.completed(
      await shop.paidOrder({ priceId: 'price_triple', quantity: 2 }));
    assert.deepEqual([videoCount, files.length], [6, 6]);
    const made = await shop.generations();
    assert.equal(made.length, 6);
    assert.equal(new Set(made.map((one) => one.seed)).size, 6);
  });

  shopTest('a payment of another amount makes nothing', {}, async (shop) => {
    const id = await shop.order();
    await shop.sandbox.changeSession(id, { amount_subtotal: 1, amount_total: 1 });
    await shop.sandbox.pay(id);
    const seen = await shop.statusWhen(id, (one) => one.message);
    assert.equal(seen.status, 'processing');
    assert.deepEqual(await shop.generations(), []);
  });
});
