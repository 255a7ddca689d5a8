// Prompts are screened before a payment: by a list of words, by the hook of the documents, and by a
// hook that does not answer.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, test } = require('node:test');
const { Webhook } = require('standardwebhooks');
const { privateWord, run } = require('./support/claimcheck.js');
const { startEndpoint } = require('./support/sandbox.js');
const { Shop, ask, parallel } = require('./support/shop.js');

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const operatorToken = '0123456789abcdef-operator';
const authorization = `Bearer ${operatorToken}`;

// The hook as it stands in the documents, listening.
async function documented(folder) {
  const guide = fs.readFileSync(path.join(__dirname, '../../docs/screening.md'), 'utf8');
  const file = path.join(folder, 'hook.mjs');
  fs.writeFileSync(file, /```js\n([^]*?)```/.exec(guide)[1]);
  process.env.CLAIMCHECK_SCREENING_SECRET = secret;
  const { server } = await import(file);
  delete process.env.CLAIMCHECK_SCREENING_SECRET;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const url = `http://127.0.0.1:${server.address().port}/`;
  return { url, stop: () => { server.closeAllConnections(); server.close(); } };
}

const hookAt = (url, more = {}) => ({
  CLAIMCHECK_SCREENING_URL: url, CLAIMCHECK_SCREENING_SECRET: secret, ...more });
const nothingMade = async (shop) =>
  assert.deepEqual((await shop.sandbox.ledger('sessions')).sessions, []);

// A shop with a claimcheck whose settings need the shop's folder.
function screened(settings, use) {
  return Shop.with({ settings: { CLAIMCHECK_ADMIN_TOKEN: operatorToken } }, async (shop) => {
    await shop.server.stop();
    await shop.start(await settings(shop.folder));
    await use(shop);
  });
}

describe('screening of prompts', parallel, () => {
  test('a word of the list refuses a prompt before anything is made', () => screened((folder) => {
    const file = path.join(folder, 'words.txt');
    fs.writeFileSync(file, '# never\nblack market\nзапрещено\n');
    return { CLAIMCHECK_SCREENING_WORDS: file };
  }, async (shop) => {
    for (const prompt of [`A Black\n market, ${privateWord}`, `это ЗАПРЕЩЕНО ${privateWord}`]) {
      const { status, json } = await shop.checkout({ prompt });
      assert.deepEqual([status, json.code, json.param], [400, 'prompt_refused', 'prompt']);
      assert.match(json.error, /does not take orders for this prompt$/);
    }
    await nothingMade(shop);
    const { reason, prompt_length: length } = await shop.server.event('prompt_refused');
    assert.deepEqual([reason, length], ['words', 17 + privateWord.length]);
    const { text } = await shop.ask('GET', '/metrics', { headers: { authorization } });
    assert.match(text, /claimcheck_checkouts_total\{result="prompt_refused"\} 2/);
    assert.equal((await shop.checkout({ prompt: `never a market ${privateWord}` })).status, 200);
  }));

  test('the hook of the documents allows, refuses with a reason, and checks the signature', () => {
    let hook;
    return screened(async (folder) => hookAt((hook = await documented(folder)).url),
      async (shop) => {
        const { status, json } = await shop.checkout({ prompt: `An Acme ${privateWord}` });
        assert.deepEqual([status, json.code], [400, 'prompt_refused']);
        assert.match(json.error, /does not take orders for this prompt: No trademarks, please\.$/);
        await nothingMade(shop);
        assert.equal((await shop.server.event('prompt_refused')).reason, 'hook');
        assert.equal((await shop.checkout({ prompt: `A ${privateWord}, “at” dawn` })).status, 200);
        const forged = await ask(hook.url, 'POST', '', { body: { prompt: 'x' },
          headers: { 'webhook-id': 'x', 'webhook-timestamp': `${Math.floor(Date.now() / 1000)}`,
            'webhook-signature': 'v1,AAAA' } });
        assert.equal(forged.status, 401);
        hook.stop();
      });
  });

  test('the sandbox plays a hook', () => Shop.with({}, async (shop) => {
    const url = `${shop.sandbox.url}/screening`;
    await shop.server.stop();
    await shop.start(hookAt(url, {
      CLAIMCHECK_SCREENING_SECRET: 'whsec_c2FuZGJveC1zY3JlZW5pbmctc2VjcmV0' }));
    const refused = await shop.checkout({ prompt: `a Forbidden ${privateWord}` });
    assert.match(refused.json.error, /: The sandbox forbids this word\.$/);
    assert.equal((await shop.checkout()).status, 200);
    const told = (settings) => run(['doctor'], { ...shop.server.settings, ...settings });
    assert.match((await told({})).stdout, /^ok +screening +the shop's hook answers$/m);
    const wrong = await told({ CLAIMCHECK_SCREENING_SECRET: secret });
    assert.equal(wrong.code, 1, wrong.stdout);
    assert.match(wrong.stdout, /^REFUSED +screening +its status is not 2xx: check CLAIM/m);
    const allowing = await told({
      CLAIMCHECK_SCREENING_SECRET: secret, CLAIMCHECK_SCREENING_SILENT: 'allow' });
    assert.match(allowing.stdout, /^doubt +screening /m);
  }));

  test('what the hook is asked is signed by Standard Webhooks, and holds no address', () => {
    let hook;
    return screened(async () => hookAt((hook = await startEndpoint(() => 503)).url),
      async (shop) => {
        const order = { prompt: `A ${privateWord}`, customerEmail: `${privateWord}@example.com`,
          reference: 'A-1', locale: 'es' };
        const { status, json, headers } = await shop.checkout(order);
        assert.deepEqual([status, json.code], [503, 'screening_unavailable']);
        assert.equal(headers.get('retry-after'), '5');
        await nothingMade(shop);
        const [{ body, headers: sent }] = hook.received;
        assert.deepEqual(new Webhook(secret).verify(body, sent), {
          prompt: order.prompt, toolSlug: 'veo3-prompt-generator', priceId: 'price_single',
          quantity: 1, duration: 8, resolution: '1280x720', style: 'cinematic', locale: 'es',
          reference: 'A-1' });
        const { reason, prompt } = await shop.server.event('screening_silent');
        assert.deepEqual([reason, prompt], ['its status is not 2xx', 'refused']);
        await hook.stop();
      });
  });

  test('a hook that hangs is waited for so long, and may count as a yes', () => {
    let hook;
    const never = new Promise(() => {});
    return screened(async () => hookAt((hook = await startEndpoint(() => never)).url, {
      CLAIMCHECK_SCREENING_TIMEOUT: '1s', CLAIMCHECK_SCREENING_SILENT: 'allow' }),
    async (shop) => {
      assert.equal((await shop.checkout({ prompt: `A ${privateWord}` })).status, 200);
      assert.equal(hook.received.length, 1);
      assert.equal((await shop.server.event('screening_silent')).prompt, 'allowed');
      await hook.stop();
    });
  });

  test('a list that cannot be used ends the start, and its words are told nobody', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-words-'));
    const told = async (name, text) => {
      const file = path.join(folder, name);
      if (text !== undefined) fs.writeFileSync(file, text);
      const { code, stderr } = await run(['doctor'], { CLAIMCHECK_SCREENING_WORDS: file });
      assert.notEqual(code, 0);
      assert.ok(!stderr.includes(privateWord), stderr);
      return stderr;
    };
    assert.match(await told('none.txt'), /CLAIMCHECK_SCREENING_WORDS: the file .* cannot be read/);
    assert.match(await told('empty.txt', '# nothing\n'), /the file .* has no words/);
    assert.match(await told('latin.txt', Buffer.from(`${privateWord}\n${privateWord} \xe9`,
      'latin1')), /the file .*: line 2: is not UTF-8/);
    fs.rmSync(folder, { recursive: true });
  });
});
