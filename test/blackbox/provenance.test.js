// Provenance marks (C2PA) in results: a video that carries them reaches the buyer as the generator
// made it, every byte, whichever way it takes: copied to the storage or read through by the server,
// whole or in ranges.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { BucketServer } = require('./support/bucket.js');
const { c2paBox, markedVideo } = require('./support/marked_video.js');
const { Shop } = require('./support/shop.js');

const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
// Three parts of a copy, the last one of an odd length.
const size = 11 * 1024 * 1024 + 7;

describe('a video with provenance marks', () => {
  let folder;
  let file;
  let made;
  let place;  // of the marks
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-marked-'));
    file = path.join(folder, 'marked.mp4');
    made = markedVideo(size);
    fs.writeFileSync(file, made);
    place = made.indexOf(c2paBox);
    assert.ok(place > 0 && made.length === size);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function isWhole(url) {
    const whole = await fetch(url);
    assert.equal(whole.status, 200, url);
    assert.equal(whole.headers.get('content-length'), String(size));
    assert.equal(whole.headers.get('content-encoding'), null);
    assert.equal(sha256(Buffer.from(await whole.arrayBuffer())), sha256(made));
  }

  // A player asks for ranges, as it likes: over the marks, over the ends of parts.
  async function isWholeInRanges(url) {
    const parts = [];
    for (const end of [place + 5, 5 * 1024 * 1024 + 1, 10 * 1024 * 1024, size]) {
      const from = parts.reduce((sum, part) => sum + part.length, 0);
      const part = await fetch(url, { headers: { range: `bytes=${from}-${end - 1}` } });
      assert.equal(part.status, 206);
      assert.equal(part.headers.get('content-range'), `bytes ${from}-${end - 1}/${size}`);
      parts.push(Buffer.from(await part.arrayBuffer()));
    }
    assert.equal(sha256(Buffer.concat(parts)), sha256(made));
    const last = await fetch(url, { headers: { range: `bytes=${size - 9}-` } });
    assert.deepEqual(Buffer.from(await last.arrayBuffer()), made.subarray(size - 9));
  }

  async function delivered(shop) {
    const id = await shop.paidOrder();
    const seen = await shop.statusWhen(id, (one) => one.status === 'completed', 60000);
    return seen.files[0].url;
  }
  const makes = () => ({ sandbox: ['--generate-ms', '300', '--video', file] });

  test('is kept in the storage byte for byte, and handed out so', async () => {
    const bucket = await BucketServer.start();
    try {
      await Shop.with({ ...makes(), settings: bucket.settings }, async (shop) => {
        const url = await delivered(shop);
        assert.ok(url.startsWith(`${shop.server.url}/api/result/`), url);
        const [object] = await bucket.objects();
        await isWhole(`${bucket.url}/${object}`);
        await isWhole(url);
        await isWholeInRanges(url);
      });
    } finally {
      await bucket.end();
    }
  });

  test('is read through by the server byte for byte', () => Shop.with({
    ...makes(),
    settings: { SUPERDUPERAI_TOKEN: '' },
    config: (url) => `[generator.openrouter]\nkind = "openrouter"\nurl = "${url}/openrouter"\n`
      + 'key = "sk-or-v1-any"\n[tool.veo3-prompt-generator]\n'
      + 'generators = ["openrouter:bytedance/seedance-2.0"]\n',
  }, async (shop) => {
    const url = await delivered(shop);
    assert.ok(url.startsWith(`${shop.server.url}/api/result/`), url);
    await isWhole(url);
    await isWholeInRanges(url);
  }));
});
