// `claimcheck doctor` and `claimcheck stripe setup`: what is well-formed and wrong is told before
// the first buyer comes, with what to set; what could not be asked is never called good.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { run, secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { parallel, shopTest } = require('./support/shop.js');
const { client } = require('./support/stripe.js');

const [good, failed, usage, away] = [0, 1, 2, 4];
const restricted = 'rk_test_b1ackB0xRestr1cted5432109876';
const here = { CLAIMCHECK_PUBLIC_URL: 'https://video.shop.example' };
const hook = 'https://video.shop.example/api/webhooks/stripe';
const nothing = 'http://127.0.0.1:1';

const command = (words, shop, settings) =>
  run(words, { ...shop.server.settings, ...settings }).then((told) => {
    for (const secret of [...Object.values(secrets), restricted]) {
      assert.ok(!(told.stdout + told.stderr).includes(secret), 'a secret was printed');
    }
    return told;
  });
const doctor = (shop, settings = {}) => command(['doctor'], shop, settings);
const setup = (shop, settings = {}) => command(['stripe', 'setup'], shop, { ...here, ...settings });
const lacks = (shop, ...rights) =>
  shop.sandbox.call('POST', `/sandbox/keys/${restricted}`, { lacks: rights });

describe('doctor', parallel, () => {
  shopTest('asks for each price, the rights, the token, the credits and the model', {},
    async (shop) => {
      const { code, stdout } = await doctor(shop);
      assert.equal(code, good, stdout);
      for (const line of [/^ok +price +price_single costs \$1\.00$/m,
        /^ok +price +price_triple costs \$2\.00$/m, /^ok +rights +the key has all/m,
        /^ok +generator +takes the token; 120000 credits left$/m,
        /^ok +model +google-cloud\/veo3-text2video$/m,
        /^doubt +webhook +not checked: CLAIMCHECK_PUBLIC_URL is not set/m]) {
        assert.match(stdout, line);
      }
      assert.deepEqual(await shop.generations(), []);
    });

  shopTest('names a price that cannot be paid', {}, async (shop) => {
    const change = (members) =>
      shop.sandbox.call('POST', '/sandbox/prices/price_single', members);
    const said = async (line, settings) => {
      const { code, stdout } = await doctor(shop, settings);
      assert.equal(code, failed, stdout);
      assert.match(stdout, line);
    };
    await said(/^REFUSED +price +price_gone does not exist at Stripe .*STRIPE_PRICE_IDS$/m,
      { STRIPE_PRICE_IDS: 'price_gone' });
    await change({ active: false });
    await said(/^REFUSED +price +price_single is not active/m);
    await change({ active: true, type: 'recurring' });
    await said(/^REFUSED +price +price_single is of a subscription/m);
    await change({ type: 'one_time', livemode: true });
    await said(/^REFUSED +price +price_single is of live mode, and the key of test mode$/m);
    await change({ livemode: false });
    assert.equal((await doctor(shop)).code, good);
  });

  shopTest('names a wrong key, token and model by their settings', {}, async (shop) => {
    const key = await doctor(shop, { STRIPE_SECRET_KEY: 'sk_live_another0123456789' });
    assert.equal(key.code, failed);
    assert.match(key.stdout, /^REFUSED +stripe +refuses STRIPE_SECRET_KEY: .*401/m);
    const token = await doctor(shop, { SUPERDUPERAI_TOKEN: 'short' });
    assert.equal(token.code, failed);
    assert.match(token.stdout, /^REFUSED +generator +it refuses the token \(401\).*SUPER/m);
    const model = await doctor(shop, { SUPERDUPERAI_MODEL: 'google-cloud/veo9' });
    assert.match(model.stdout, /^REFUSED +model +the generator has no google-cloud\/veo9/m);
    const other = await doctor(shop, { SUPERDUPERAI_MODEL: 'google-cloud/veo3' });
    assert.match(other.stdout, /^REFUSED +model +google-cloud\/veo3 is image_to_video/m);
    await shop.sandbox.faults({ match: 'GET /api/v1/user/me',
      action: { status: 200, body: '{"balance":0}' } });
    const poor = await doctor(shop);
    assert.equal(poor.code, failed);
    assert.match(poor.stdout, /^REFUSED +generator +.*no credits left$/m);
  });

  shopTest('calls nothing good that it could not reach, and names the network first', {},
    async (shop) => {
      const stripe = await doctor(shop, { STRIPE_API_URL: nothing });
      assert.equal(stripe.code, away);
      assert.match(stripe.stdout,
        /^UNKNOWN +stripe +http:\/\/127\.0\.0\.1:1 cannot be reached: .*: check the network/m);
      assert.doesNotMatch(stripe.stdout, /STRIPE_SECRET_KEY/);
      const generator = await doctor(shop, { SUPERDUPERAI_URL: nothing });
      assert.equal(generator.code, away);
      assert.match(generator.stdout, /^UNKNOWN +generator +.*cannot be reached/m);
    });

  shopTest('says which box to tick for a restricted key, and changes nothing by asking', {},
    async (shop) => {
      const before = await shop.sandbox.ledger('sessions', 'refunds', 'charges');
      const key = { STRIPE_SECRET_KEY: restricted };
      for (const [right, box] of [['checkout_session_write', 'Checkout Sessions: Write'],
        ['charge_write', 'Charges and Refunds: Write'],
        ['payment_intent_read', 'PaymentIntents: Read'], ['event_read', 'Events: Read'],
        ['dispute_read', 'Disputes: Read']]) {
        await lacks(shop, `rak_${right}`);
        const { code, stdout } = await doctor(shop, key);
        assert.equal(code, failed, stdout);
        assert.match(stdout, new RegExp(`^REFUSED +rights .* tick ${box}$`, 'm'));
      }
      await lacks(shop, 'rak_plan_read', 'rak_webhook_read');
      const { code, stdout } = await doctor(shop, { ...key, ...here });
      assert.equal(code, good, stdout);  // the server needs neither
      assert.match(stdout, /^doubt +price .*tick Prices: Read/m);
      assert.match(stdout, /^doubt +webhook .*tick Webhook Endpoints: Read/m);
      assert.deepEqual(await shop.sandbox.ledger('sessions', 'refunds', 'charges'), before);
    });

  shopTest('calls the public address', {}, async (shop) => {
    const said = async (url, line) => {
      const { code, stdout } = await doctor(shop, { CLAIMCHECK_PUBLIC_URL: url });
      assert.equal(code, good, stdout);  // from outside it may be reached in another way
      assert.match(stdout, line);
    };
    await said(shop.server.url, /^ok +public +http:/m);
    await said(nothing, /^doubt +public +http:\/\/127\.0\.0\.1:1 cannot be reached from here: /m);
    await said(shop.sandbox.url, /^doubt +public +what answers at .* is not claimcheck \(404\)/m);
  });
});

describe('stripe setup', parallel, () => {
  shopTest('makes the endpoint with its events once, and prints its secret once', {},
    async (shop) => {
      assert.match((await doctor(shop, here)).stdout,
        /^doubt +webhook +Stripe has no webhook endpoint .*claimcheck stripe setup makes it$/m);
      const made = await setup(shop);
      assert.equal(made.code, good, made.stderr);
      assert.match(made.stdout, /^STRIPE_WEBHOOK_SECRET=whsec_\w{32}\n$/);
      assert.match(made.stderr, new RegExp(`made we_\\w+ at ${hook}, with 11 events`));
      assert.match((await doctor(shop, here)).stdout, new RegExp(`^ok +webhook +${hook}$`, 'm'));
      const again = await setup(shop);
      assert.equal(again.code, good);
      assert.match(again.stdout, /has this webhook endpoint already: we_.*\nIt lacks nothing\./);
      assert.ok(!again.stdout.includes('whsec_'));
      const sent = await shop.requests('POST', '/v1/webhook_endpoints');
      assert.equal(sent.length, 1);
      const stripe = client(shop.sandbox);
      const { data } = await stripe.webhookEndpoints.list();
      const { id } = data.find((one) => one.url === hook);
      await stripe.webhookEndpoints.update(id, { disabled: true });
      const { code, stdout } = await doctor(shop, here);
      assert.equal(code, failed);
      assert.match(stdout, /^REFUSED +webhook +we_\w+: it is disabled: edit it in Stripe's/m);
    });

  shopTest('makes no second one, and says what the first lacks', {}, async (shop) => {
    const form = new URLSearchParams({ url: hook, 'enabled_events[0]': 'charge.refunded',
      api_version: '2024-06-20' });
    await fetch(`${shop.sandbox.url}/v1/webhook_endpoints`, { method: 'POST', body: form,
      headers: { authorization: `Bearer ${secrets.STRIPE_SECRET_KEY}` } });
    const { code, stdout } = await setup(shop);
    assert.equal(code, failed);
    assert.match(stdout, /it does not send checkout\.session\.completed, /);
    assert.doesNotMatch(stdout, /charge\.refunded/);
    assert.match(stdout, /its API version is 2024-06-20, and claimcheck was written for 2026-/);
    const told = await doctor(shop, here);
    assert.equal(told.code, failed);
    assert.match(told.stdout, /^REFUSED +webhook +we_\w+: it does not send .*, Webhooks$/m);
  });

  shopTest('needs a public address, a key with the right, and Stripe', {}, async (shop) => {
    const nowhere = await setup(shop, { CLAIMCHECK_PUBLIC_URL: '' });
    assert.deepEqual([nowhere.code, nowhere.stderr],
      [usage, 'claimcheck: CLAIMCHECK_PUBLIC_URL: not set\n']);
    await lacks(shop, 'rak_webhook_write');
    const refused = await setup(shop, { STRIPE_SECRET_KEY: restricted });
    assert.equal(refused.code, failed);
    assert.match(refused.stderr, /403.*: tick Webhook Endpoints: Write for the key/);
    assert.equal((await setup(shop, { STRIPE_API_URL: nothing })).code, away);
  });
});

describe('a setting that is wrong while it serves', parallel, () => {
  const stats = async (shop) => (await shop.ask('GET', '/api/ops/stats', {
    headers: { authorization: `Bearer ${secrets.CLAIMCHECK_ADMIN_TOKEN}` } })).json.now.setup;
  const faults = async (shop) => (await stats(shop)).map(({ fault }) => fault);
  const patience = { withinMs: 30000 };  // the counts reach Redis about every ten seconds

  shopTest('a wrong webhook secret shows in the overview and in doctor, for all processes', {
    ownRedis: true,
  }, async (shop) => {
    const second = await shop.another();
    await shop.sandbox.webhook(`${shop.server.url}/api/webhooks/stripe`, 'whsec_another');
    await shop.sandbox.pay(await shop.order());
    await eventually(async () => (await faults(shop)).includes('webhook_secret'), patience);
    const atSecond = (...words) => shop.ask.call({ server: second }, ...words);
    const [{ why }] = await stats({ ask: atSecond });
    assert.match(why, /STRIPE_WEBHOOK_SECRET is not the secret of this webhook endpoint/);
    const told = await doctor(shop);
    assert.equal(told.code, failed, told.stdout);
    assert.match(told.stdout, /^REFUSED +last hour +every event of the last hour was refused/m);
    await shop.sandbox.webhook(`${shop.server.url}/api/webhooks/stripe`,
      secrets.STRIPE_WEBHOOK_SECRET);
    await shop.completed(await shop.paidOrder());
    await eventually(async () => !(await faults(shop)).includes('webhook_secret'), patience);
    await second.stop();
  });

  shopTest('a wrong key is an error with its name, and buyers are told whose fault it is', {
    settings: { STRIPE_SECRET_KEY: 'sk_test_b1ackB0xKey5432109876' },
    sandbox: ['--secret-key', 'sk_test_another0123456789'],
  }, async (shop) => {
    const line = await shop.server.event('stripe_key_refused');
    assert.equal(line.level, 'error');
    assert.equal(line.why, 'Stripe refuses STRIPE_SECRET_KEY (401)');
    const { status, json } = await shop.checkout();
    assert.deepEqual([status, json.code], [502, 'payment_misconfigured']);
    assert.match(json.error, /payment settings are wrong; nothing was charged/);
    await eventually(async () => (await faults(shop)).includes('stripe_key'), patience);
  });

  shopTest('a price that does not exist is no failure of Stripe', {
    settings: { STRIPE_PRICE_IDS: 'price_gone' },
  }, async (shop) => {
    const { status, json } = await shop.checkout({ priceId: 'price_gone' });
    assert.deepEqual([status, json.code], [502, 'payment_misconfigured']);
    const line = await shop.server.event('checkout_refused_by_stripe');
    assert.equal(line.check, 'STRIPE_PRICE_IDS');
  });
});
