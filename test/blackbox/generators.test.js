// Several generators in one shop: each kind delivers, a tool moves on to its next generator, and
// what one of them refuses for its content goes to nobody else. The sandbox plays all of them, and
// its list of jobs is the judge.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { privateWord, run } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, ask, parallel, shopTest } = require('./support/shop.js');

const keys = {
  fal: 'fal-id:fal-secret', replicate: 'r8_any', openrouter: 'sk-or-v1-any',
  gpu: 'sandbox-gpu-key',
};
const models = {
  fal: 'fal-ai/veo3/fast', replicate: 'google/veo-3-fast', openrouter: 'google/veo-3.1',
  gpu: 'wan-2.2',
};
const callbacks = {
  fal: (url) => `callback_keys_url = "${url}/fal/.well-known/jwks.json"\n`,
  replicate: () => 'callback_secret = "whsec_c2FuZGJveC1yZXBsaWNhdGUtc2VjcmV0"\n',
  openrouter: () => '',
  gpu: () => 'callback_secret = "whsec_c2FuZGJveC1ncHUtY2FsbGJhY2tz"\n',
};
const described = `
[generator.gpu.http]
submit_path = "/jobs"
poll_path = "/jobs/{job}"
repeat_is_safe = true
submit_headers = { Idempotency-Key = "{key}" }
url_pointer = "/file"
error_pointer = "/error/message"
error_code_pointer = "/error/code"
failed = ["failed", "cancelled"]
refused_content = ["refused", "content_policy"]
callback_id_pointer = "/job/id"
result_needs_key = true
[generator.gpu.http.body]
model = "{model}"
prompt = "{prompt}"
seconds = "{duration}"
callback_url = "{callback}"
`;
function generator(url, name, more = '') {
  const kind = name === 'gpu' ? 'http' : name;
  return `[generator.${name}]\nkind = "${kind}"\nurl = "${url}/${name}"\nkey = "${keys[name]}"\n`
    + callbacks[name](url) + more + (name === 'gpu' ? described : '');
}
// The built-in tool, made by these, in this order.
const madeBy = (...names) => (url) => names.map((name) => generator(url, name)).join('')
  + '[tool.veo3-prompt-generator]\n'
  + `generators = [${names.map((name) => `"${name}:${models[name]}"`).join(', ')}]\n`;
const operatorToken = '0123456789abcdef-operator';
const noToken = { SUPERDUPERAI_TOKEN: '', CLAIMCHECK_ADMIN_TOKEN: operatorToken };
const shopOf = (...names) => ({ settings: noToken, config: madeBy(...names) });

async function jobs(shop) {
  return (await shop.sandbox.ledger('generations')).generations;
}
const ended = (shop, id) =>
  shop.statusWhen(id, (one) => ['completed', 'error'].includes(one.status));

describe('a generator of the kind', parallel, () => {
  for (const name of ['fal', 'replicate', 'openrouter']) {
    shopTest(`${name}: makes what was paid, from the prompt byte for byte, once`, shopOf(name),
      async (shop) => {
        const prompt = `A ${privateWord} "at" dawn, \u{1F63A}`;
        const id = await shop.paidOrder({ prompt, priceId: 'price_triple' });
        const seen = await ended(shop, id);
        assert.equal(seen.status, 'completed');
        const made = await jobs(shop);
        assert.equal(made.length, 3);
        for (const job of made) assert.equal(job.prompt, prompt);
        for (const file of seen.files) {
          assert.ok(file.fileId.startsWith(`${name}-`), file.fileId);
          const { status, json } = await shop.ask('GET', `/api/file/${file.fileId}`);
          assert.equal(status, 200);
          assert.equal(json.url, file.url);
          assert.equal(json.tasks[0].status, 'completed');
        }
      });
  }

  shopTest('gpu: what opens with our key only is read through by the server', shopOf('gpu'),
    async (shop) => {
      const id = await shop.paidOrder();
      const seen = await ended(shop, id);
      assert.equal(seen.files[0].url, `${shop.server.url}/api/result/${id}-1.mp4`);
      assert.equal((await fetch(seen.files[0].url)).headers.get('content-type'), 'video/mp4');
      assert.equal((await jobs(shop)).length, 1);
    });

  for (const name of ['fal', 'replicate']) {
    shopTest(`${name}: its callback ends the wait for the next poll`, {
      settings: noToken,
      config: (url) => madeBy(name)(url)
        .replace(`[generator.${name}]\n`, `[generator.${name}]\npoll_every = "5m"\n`),
    }, async (shop) => {
      const id = await shop.paidOrder();
      assert.equal((await ended(shop, id)).status, 'completed');
      const { text } = await shop.ask('GET', '/metrics', 
        { headers: { authorization: `Bearer ${operatorToken}` } });
      assert.match(text, /claimcheck_generator_callbacks_total\{result="order"\} [1-9]/);
    });
  }
});

describe('a tool with two generators', parallel, () => {
  shopTest('moves on when the first one fails for good', shopOf('fal', 'replicate'),
    async (shop) => {
      await shop.sandbox.faults({ match: 'POST /fal/*', times: 0, action: { task: 'error' } });
      const id = await shop.paidOrder();
      const seen = await ended(shop, id);
      assert.equal(seen.status, 'completed');
      assert.match(seen.files[0].fileId, /^replicate-/);
      assert.deepEqual((await jobs(shop)).map((job) => job.provider).sort(), ['fal', 'replicate']);
    });

  shopTest('asks nobody else to make what was refused for its content', shopOf('fal', 'replicate'),
    async (shop) => {
      await shop.sandbox.faults({ match: 'POST /fal/*', times: 0, action: { task: 'refused' } });
      const id = await shop.paidOrder();
      assert.equal((await ended(shop, id)).status, 'error');
      assert.deepEqual((await jobs(shop)).map((job) => job.provider), ['fal']);
      assert.equal((await shop.sandbox.ledger('refunds')).refunds.length, 1);
    });
});

describe('a call in the name of a generator', parallel, () => {
  shopTest('without its signature wakes no order, and a name without calls is unknown',
    shopOf('gpu'), async (shop) => {
      const call = (name) => ask(shop.server.url, 'POST', `/api/webhooks/generators/${name}`,
        { body: { job: { id: 'x' } } });
      const unsigned = await call('gpu');
      assert.equal(unsigned.status, 400);
      assert.equal(unsigned.json.error, 'Invalid signature');
      assert.equal((await call('fal')).status, 404);
    });
});

describe('what a job costs', parallel, () => {
  shopTest('is told beside what the order has earned, wherever money is', {
    settings: noToken,
    config: (url) => `${generator(url, 'fal')}
[generator.fal.models."${models.fal}"]
cost_per_second = "0.05 usd"
[tool.veo3-prompt-generator]
generators = ["fal:${models.fal}"]
`,
  }, async (shop) => {
    const bearer = { headers: { authorization: `Bearer ${operatorToken}` } };
    const id = await shop.paidOrder();
    await ended(shop, id);
    const words = 'earned 1.00 USD, generators 0.40 USD, left 0.60 USD';
    const { stdout: shown } = await run(['session', 'show', id], shop.server.settings);
    assert.ok(shown.includes(`margin     ${words}\n`), shown);
    const { json: order } = await shop.ask('GET', `/api/ops/sessions/${id}`, bearer);
    assert.equal(order.margin, words);
    const { stdout: audited } = await run(['audit', '--json'], shop.server.settings);
    const [margin] = JSON.parse(audited).margins;
    assert.deepEqual([margin.tool, margin.currency, margin.orders],
      ['veo3-prompt-generator', 'usd', 1]);
    assert.deepEqual([margin.revenueMicros, margin.costMicros, margin.marginMicros],
      [1000000, 400000, 600000]);
    assert.equal(margin.day, new Date().toISOString().slice(0, 10));
    const { stdout: table } = await run(['audit'], shop.server.settings);
    assert.match(table, /^veo3-prompt-generator +1\.00 USD +0\.40 USD +0\.60 USD$/m);
    const { text: metrics } = await shop.ask('GET', '/metrics', bearer);
    assert.match(metrics, /claimcheck_provider_cost_total\{what="usd:price_single"\} 400000\n/);
    assert.match(metrics,
      /claimcheck_tool_cost_total\{what="usd:veo3-prompt-generator"\} 400000\n/);
    const sales = await eventually(async () => {
      const { json } = await shop.ask('GET', '/api/ops/sales', bearer);
      return json.currencies[0]?.costMicros === 400000 && json;
    });
    assert.deepEqual(sales.tools.map((one) => [one.tool, one.sold, one.costMicros]),
      [['veo3-prompt-generator', 100, 400000]]);
    const { text: csv } = await shop.ask('GET', '/api/ops/orders.csv', bearer);
    assert.ok(csv.includes(',0.40 USD,'), csv);
  });
});

describe('doctor', parallel, () => {
  const told = (shop) => run(['doctor'], shop.server.settings);

  shopTest('asks every generator that a tool names for its model', shopOf('fal', 'replicate'),
    async (shop) => {
      const { code, stdout } = await told(shop);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^ok +generator replicate +has google\/veo-3-fast$/m);
      assert.match(stdout, /^ok +generator fal +does not say whether it has fal-ai/m);
    });

  shopTest('names a model that is gone and a key that is refused', shopOf('replicate'),
    async (shop) => {
      const answers = async (status) => {
        await shop.sandbox.clearFaults();
        await shop.sandbox.faults(
          { match: 'GET /replicate/*', times: 0, action: { status, execute: false } });
      };
      await answers(404);
      const gone = await told(shop);
      assert.equal(gone.code, 1, gone.stdout);
      assert.match(gone.stdout, /^REFUSED +generator replicate +has no google\/veo-3-fast: /m);
      await answers(401);
      const refused = await told(shop);
      assert.equal(refused.code, 1, refused.stdout);
      assert.match(refused.stdout, /^REFUSED +generator replicate +.*: check its key$/m);
      assert.ok(!refused.stdout.includes(keys.replicate));
    });
});

describe('what a model cannot take', parallel, () => {
  test('is refused before the payment', () => Shop.with({
    settings: noToken,
    config: (url) => `${generator(url, 'fal')}
[generator.fal.models."${models.fal}"]
prompt_max = 20
[tool.veo3-prompt-generator]
generators = ["fal:${models.fal}"]
`,
  }, async (shop) => {
    const { status, json } = await shop.checkout({ prompt: 'x'.repeat(21) });
    assert.equal(status, 400);
    assert.equal(json.code, 'prompt_too_long');
    assert.match(json.error, /has 21 characters .* at most 20/);
    await eventually(async () => (await shop.sandbox.ledger('sessions')).sessions.length === 0);
    assert.equal((await shop.checkout({ prompt: 'x'.repeat(20) })).status, 200);
  }));
});
