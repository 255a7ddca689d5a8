// ./dev copy: one large result on its way to the storage: how much memory claimcheck takes for it,
// also when it is killed in the middle, and whether every byte arrives. The generator is a small
// server of the kind `http`, whose file is computed while it is read; the storage is s3rver.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const http = require('node:http');
const { BucketServer } = require('../blackbox/support/bucket.js');
const { memoryKb } = require('../blackbox/support/memory.js');
const { Shop } = require('../blackbox/support/shop.js');
const { pause } = require('../torture/time.js');

const grownMaxKb = 32 * 1024;
const mib = 1024 * 1024;
const block = crypto.randomBytes(mib);

// Each MiB differs by its number, so that parts cannot change places.
function mibAt(number) {
  const bytes = Buffer.from(block);
  bytes.writeUInt32LE(number, 0);
  return bytes;
}

function digestOf(megabytes) {
  const hash = crypto.createHash('sha256');
  for (let i = 0; i < megabytes; ++i) hash.update(mibAt(i));
  return hash.digest('hex');
}

function writable(response) {
  return new Promise((go) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      go();
    };
    response.on('drain', done).on('close', done);
  });
}

// POST /jobs, GET /jobs/<id>, GET /file with ranges.
function generator(megabytes) {
  const size = megabytes * mib;
  const json = (response, value) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  const server = http.createServer(async (request, response) => {
    const url = `http://127.0.0.1:${server.address().port}/file`;
    if (request.method === 'POST') return json(response, { id: 'job-1', status: 'queued' });
    if (request.url !== '/file') return json(response, { id: 'job-1', status: 'completed', url });
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const from = range ? Number(range[1]) : 0;
    const until = range?.[2] ? Number(range[2]) + 1 : size;
    response.writeHead(range ? 206 : 200, {
      'content-type': 'video/mp4', etag: '"large"', 'content-length': until - from,
      ...(range ? { 'content-range': `bytes ${from}-${until - 1}/${size}` } : {}),
    });
    for (let at = from; at < until;) {
      const number = Math.floor(at / mib);
      const piece = mibAt(number).subarray(at - number * mib, Math.min(until - number * mib, mib));
      at += piece.length;
      if (response.destroyed) return undefined;
      if (!response.write(piece)) await writable(response);
    }
    return response.end();
  });
  return server;
}

const config = (url) => `[generator.large]\nkind = "http"\nurl = "${url}"\nkey = "any"
[generator.large.http]\nsubmit_path = "/jobs"\npoll_path = "/jobs/{job}"\nrepeat_is_safe = true
[generator.large.http.body]\nprompt = "{prompt}"\nkey = "{key}"
[tool.veo3-prompt-generator]\ngenerators = ["large:any"]\n`;

async function main(megabytes) {
  const made = generator(megabytes);
  await new Promise((listens) => { made.listen(0, '127.0.0.1', listens); });
  const bucket = await BucketServer.start();
  const shop = await Shop.open({
    settings: { ...bucket.settings, SUPERDUPERAI_TOKEN: '' },
    config: config(`http://127.0.0.1:${made.address().port}`),
  });
  const before = memoryKb(shop.server.pid, 'VmRSS');
  const begun = Date.now();
  const id = await shop.paidOrder();
  const partsSent = async () => Number(
    ((await shop.redis('HGET', `claim:{session:${id}}`, 'u0.upload_parts')) ?? '')
      .split(' ').filter(Boolean).length);
  const half = megabytes / 5 / 2;
  // Read before the kill: the embedded Redis ends with its server.
  let kept = await partsSent();
  for (; kept < half; kept = await partsSent()) await pause(200);
  const first = memoryKb(shop.server.pid, 'VmHWM');
  shop.server.child.kill('SIGKILL');
  await shop.server.died();
  await shop.start();
  const seen = await shop.statusWhen(id, (one) => one.status === 'completed', 30 * 60000);
  const second = memoryKb(shop.server.pid, 'VmHWM');
  const hash = crypto.createHash('sha256');
  const answer = await fetch(seen.files[0].url);
  for await (const piece of answer.body) hash.update(piece);
  const whole = hash.digest('hex') === digestOf(megabytes);
  console.log(`${megabytes} MiB in ${Math.round((Date.now() - begun) / 1000)} s; killed after `
    + `${kept} of ${Math.ceil(megabytes / 5)} parts; at rest ${before} kB, highest ${first} and `
    + `after the kill ${second} kB: ${Math.max(first, second) - before} kB more; `
    + `every byte ${whole ? 'arrived' : 'DID NOT ARRIVE'}`);
  await shop.close();
  await bucket.end();
  made.close();
  made.closeAllConnections();
  assert.ok(whole);
  assert.ok(Math.max(first, second) - before <= grownMaxKb, 'it took more than 32 MB');
}

const megabytes = Number(/^--mb=(\d+)$/.exec(process.argv[2] ?? '--mb=2048')?.[1]);
main(megabytes).then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
