// Operators by name: who they are, what a reader may not do, and that history and log say who did
// what.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const os = require('node:os');
const { run, secrets } = require('./support/claimcheck.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, ask } = require('./support/shop.js');

const tokens = { anna: 'anna-0123456789abcdef', watch: 'watch-0123456789abcdef' };
const bearer = (token) => ({ authorization: `Bearer ${token}` });

describe('operators by name', () => {
  let shop;
  let held;
  before(async () => {
    shop = await Shop.open({ settings: {
      CLAIMCHECK_REFUNDS: 'manual',
      CLAIMCHECK_OPERATORS: `anna:act:${tokens.anna}, watch:read:${tokens.watch}` } });
    await shop.sandbox.faults({ match: 'POST /api/v1/file/generate-video', times: 0,
      action: { task: 'error' } });
    held = await shop.paidOrder();
    await eventually(async () => (await shown(held)).order.state === 'held', { what: 'held' });
  });
  after(() => shop.close());

  const shown = async (id) =>
    (await shop.ask('GET', `/api/ops/sessions/${id}`, { headers: bearer(tokens.watch) })).json;
  const history = async (id) => (await shown(id)).records.history.map((line) => line.why);
  const act = (body, headers) =>
    shop.ask('POST', `/api/ops/sessions/${held}/actions`, { body, headers });

  test('a reader sees everything and may change nothing', async () => {
    for (const path of ['/api/ops/stats', '/api/ops/sessions', '/metrics']) {
      const { status } = await shop.ask('GET', path, { headers: bearer(tokens.watch) });
      assert.equal(status, 200, path);
    }
    const { status, json } = await act({ action: 'look' }, bearer(tokens.watch));
    assert.deepEqual([status, json.code], [403, 'role_may_not_act']);
    const patch = await shop.ask('PATCH', `/api/sessions/${held}`,
      { body: { note: 1 }, headers: bearer(tokens.watch) });
    assert.deepEqual([patch.status, patch.json.code], [403, 'role_may_not_act']);
  });

  test('who signs in at a browser is told the name and the role', async () => {
    const page = { origin: shop.server.url };
    for (const [name, role] of [['anna', 'act'], ['watch', 'read'], ['operator', 'act']]) {
      const token = tokens[name] ?? secrets.CLAIMCHECK_ADMIN_TOKEN;
      const answer = await ask(shop.server.url, 'POST', '/ops/login', { body: { token } });
      assert.deepEqual(answer.json, { signedIn: true, mode: 'test', name, role });
      const cookie = answer.headers.get('set-cookie').split(';')[0];
      assert.ok(!cookie.includes(token));
      const told = await shop.ask('GET', '/ops/login', { headers: { cookie } });
      assert.deepEqual(told.json, { signedIn: true, mode: 'test', name, role });
      const looked = await act({ action: 'look' }, { cookie, ...page });
      assert.equal(looked.status, role === 'act' ? 200 : 403, name);
    }
    assert.deepEqual((await shop.ask('GET', '/ops/login')).json, { signedIn: false, mode: 'test' });
  });

  test('history and log say who it was, and at the command line the history', async () => {
    const told = await act({ action: 'retry', note: 'by a token' }, bearer(tokens.anna));
    assert.equal(told.status, 200);
    const hers = 'operator anna: retry video 1: by a token';
    await eventually(async () => (await history(held)).includes(hers), { what: hers });
    await eventually(async () => (await shown(held)).order.state === 'held', { what: 'held' });
    const retried = await run(['session', 'retry', held, '--note', 'at the keyboard'],
      shop.server.settings);
    assert.equal(retried.code, 0, retried.stderr);
    const who = `${os.userInfo().username} (command line)`;
    const line = `operator ${who}: retry video 1: at the keyboard`;
    await eventually(async () => (await history(held)).includes(line), { what: line });
    const by = shop.server.events('operator_action').map((one) => one.by);
    assert.ok(by.includes('anna') && by.includes('operator'), JSON.stringify(by));
    assert.deepEqual([...new Set(shop.server.events('operator_signed_in').map((one) => one.by))],
      ['anna', 'watch', 'operator']);
  });

  test('a patch of the session value is in the log with its operator', async () => {
    const { status } = await shop.ask('PATCH', `/api/sessions/${held}`,
      { body: { shopNote: 'x' }, headers: bearer(tokens.anna) });
    assert.equal(status, 200);
    const patched = await eventually(() => shop.server.events('operator_action')
      .find((one) => one.action === 'patch'), { what: 'the line' });
    assert.deepEqual([patched.by, patched.session], ['anna', held]);
  });
});
