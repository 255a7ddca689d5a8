// Results that a buyer cannot open at the generator: behind our key, or behind an address that
// ends. The buyer gets an address of the server, which reads the file through.
'use strict';
const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');

const keys = { openrouter: 'sk-or-v1-any', replicate: 'r8_any' };
const shopOf = (name, model) => ({
  settings: { SUPERDUPERAI_TOKEN: '' },
  config: (url) => `[generator.${name}]\nkind = "${name}"\nurl = "${url}/${name}"\n`
    + `key = "${keys[name]}"\n[tool.veo3-prompt-generator]\ngenerators = ["${name}:${model}"]\n`,
});
const withKey = shopOf('openrouter', 'bytedance/seedance-2.0');
const ending = shopOf('replicate', 'google/veo-3-fast');

async function delivered(shop) {
  const id = await shop.paidOrder();
  const seen = await shop.statusWhen(id, (one) => one.status === 'completed');
  return { id, url: seen.files[0].url };
}

describe('a result that opens with our key only', parallel, () => {
  shopTest('is read through, whole, in ranges and by its head, and the key stays here', withKey,
    async (shop) => {
      const { id, url } = await delivered(shop);
      assert.equal(url, `${shop.server.url}/api/result/${id}-1.mp4`);
      const whole = await fetch(url);
      assert.equal(whole.status, 200);
      assert.equal(whole.headers.get('content-type'), 'video/mp4');
      assert.equal(whole.headers.get('content-disposition'), 'inline; filename="video-1.mp4"');
      assert.equal(whole.headers.get('content-security-policy'), 'sandbox');
      const bytes = Buffer.from(await whole.arrayBuffer());
      assert.equal(String(bytes.length), whole.headers.get('content-length'));
      assert.equal(bytes.subarray(4, 8).toString(), 'ftyp');
      const part = await fetch(url, { headers: { range: 'bytes=4-7' } });
      assert.equal(part.status, 206);
      assert.equal(part.headers.get('content-range'), `bytes 4-7/${bytes.length}`);
      assert.equal(await part.text(), 'ftyp');
      const beyond = await fetch(url, { headers: { range: `bytes=${bytes.length}-` } });
      assert.equal(beyond.status, 416);
      const head = await fetch(url, { method: 'HEAD' });
      assert.equal(head.headers.get('content-length'), String(bytes.length));
      const saved = await fetch(`${url}?download`);
      assert.match(saved.headers.get('content-disposition'), /^attachment/);
      for (const answer of [whole, part, beyond, head]) {
        assert.ok(!JSON.stringify([...answer.headers]).includes(keys.openrouter));
      }
      // The generator's own address is not in the status.
      const { text } = await shop.ask('GET', `/api/webhook-status/${id}`);
      assert.ok(!text.includes('/openrouter/'), text);
    });

  shopTest('is nobody else\'s: other names, numbers and orders are 404', withKey, async (shop) => {
    const { id } = await delivered(shop);
    for (const name of [`${id}-2`, `${id}-0`, `${id}-1x`, id, `${id}x-1`, 'cs_test_none-1', '-1']) {
      const answer = await fetch(`${shop.server.url}/api/result/${name}`);
      assert.equal(answer.status, 404, name);
    }
  });

  shopTest('is a 502 while the generator has a fault, and loses nothing', withKey,
    async (shop) => {
      const { id, url } = await delivered(shop);
      const match = 'GET /openrouter/api/v1/videos/*';
      await shop.sandbox.faults({ match, times: 1, action: { status: 503 } });
      assert.equal((await fetch(url)).status, 502);
      assert.equal((await fetch(url)).status, 200);
      const { json } = await shop.ask('GET', `/api/webhook-status/${id}`);
      assert.equal(json.status, 'completed');
    });
});

describe('a result whose address ends', parallel, () => {
  shopTest('is read through while it lives; when it is dead the buyer is told, not the money sent',
    ending, async (shop) => {
      const { id, url } = await delivered(shop);
      assert.ok(url.startsWith(`${shop.server.url}/api/result/`), url);
      assert.equal((await fetch(url)).status, 200);
      await shop.sandbox.advance(3700);
      const gone = await fetch(url);
      assert.equal(gone.status, 410);
      assert.equal((await gone.json()).code, 'result_gone');
      await shop.statusWhen(id, (one) => one.notice === 'link_lost');
      assert.ok(await shop.server.event('link_dead'));
      const headers = { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` };
      const alert = await eventually(async () => {
        const { json } = await shop.ask('GET', '/api/ops/stats', { headers });
        return json.now.alerts.find((one) => one.alert === 'link_dead');
      }, { withinMs: 90000 });
      assert.equal(alert.title, '1 delivered link is dead');
      assert.equal(alert.severity, 'warning');
      assert.equal((await fetch(url)).status, 404);
      assert.equal((await shop.sandbox.ledger('refunds')).refunds.length, 0);
    });

  shopTest('is found again when its address was dead for a moment only', ending, async (shop) => {
    const { id, url } = await delivered(shop);
    const match = 'GET /media/jobs/*';
    await shop.sandbox.faults({ match, times: 1, action: { status: 404 } });
    assert.equal((await fetch(url)).status, 410);
    await eventually(async () => (await fetch(url)).status === 200);
    const { json } = await shop.ask('GET', `/api/webhook-status/${id}`);
    assert.equal(json.status, 'completed');
  });
});
