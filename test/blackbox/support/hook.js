// Hook: a shop's webhook receiver, played by a test. It verifies every delivery with the official
// standardwebhooks package and keeps what it was told, by id.
'use strict';
const assert = require('node:assert/strict');
const { Webhook } = require('standardwebhooks');
const { eventually, startEndpoint } = require('./sandbox.js');

const keys = [1, 2].map((fill) => `whsec_${Buffer.alloc(32, fill).toString('base64')}`);

const isAlert = ({ body }) => body.toString().startsWith('{"type":"alert.');

function verified({ headers, body }, secret) {
  return { id: headers['webhook-id'], ...new Webhook(secret).verify(body, headers) };
}

class Hook {
  static isAlert = isAlert;

  // answer(seen, count): the status of each answer, or a promise of it.
  static async open(answer) {
    const hook = new Hook();
    hook.endpoint = await startEndpoint(answer);
    return hook;
  }

  // For claimcheck; `secret` may be several with commas.
  settings(secret = keys[0]) {
    return { CLAIMCHECK_NOTIFY_URL: this.endpoint.url, CLAIMCHECK_NOTIFY_SECRET: secret };
  }

  // About orders; alerts may come beside them.
  get received() { return this.endpoint.received.filter((seen) => !isAlert(seen)); }

  // Every delivery: { id, ...body }; throws when one is not signed for this secret.
  told(secret = keys[0]) { return this.received.map((seen) => verified(seen, secret)); }
  // Likewise about alerts.
  alerts() { return this.endpoint.received.filter(isAlert).map((seen) => verified(seen, keys[0])); }

  // Waits until these types were told of the session; each type has one id, and each id one type.
  async types(session, expected, secret) {
    const about = () => this.told(secret).filter((one) => one.data.sessionId === session);
    const ids = () => new Map(about().map((one) => [one.id, one.type]));
    await eventually(() => ids().size >= expected.length, { what: `news: ${expected}` });
    assert.deepEqual([...ids().values()].sort(), [...expected].sort());
    return about();
  }

  stop() { return this.endpoint.stop(); }
}

module.exports = { Hook, keys };
