// Mails to buyers: how an order ended, in their language, once, through a real mail server. One
// that is away, silent or unwilling keeps no order waiting.
'use strict';
const assert = require('node:assert/strict');
const net = require('node:net');
const { after, before, describe, test } = require('node:test');
const { privateWord } = require('./support/claimcheck.js');
const { MailServer, mayStart } = require('./support/mail.js');
const { freePort } = require('./support/port.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel, shopTest } = require('./support/shop.js');

const fails = { match: 'POST /api/v1/file/generate-video', times: 0, action: { task: 'error' } };
const from = { CLAIMCHECK_MAIL_FROM: 'Видео <orders@shop.example>',
  CLAIMCHECK_PUBLIC_URL: 'https://video.example.com' };
const config = `[shop]
name = "Cat Films"
[shop.products]
price_single = "Cat video"
[checkout]
after_expiration.recovery = { enabled = true }
consent_collection = { promotions = "auto" }
`;
const buyer = (name) => `${privateWord}.${name}@example.com`;

let server;
let shop;
// Until the mail server has it.
const sent = (id, news) => eventually(() => shop.server.events('message_sent')
  .find((one) => one.session === id && one.news === news), { what: `${news} is sent` });
// Of one address, when there are so many.
const mails = (address, count) => eventually(() => {
  const all = server.mails(address);
  return all.length >= count && all;
}, { what: `${count} mails` });

// An order that is delivered, and its one mail.
async function assertDelivered(locale, language, subject, words) {
  const address = buyer(locale);
  const id = await shop.paidOrder({ customerEmail: address, locale });
  await sent(id, 'delivered');
  const [{ headers, parts, raw }, ...more] = await mails(address, 1);
  assert.deepEqual(more, []);
  assert.ok(!raw.includes('=0A'));  // the end of a line is one, and no text
  assert.equal(headers.subject, subject);
  assert.equal(headers.from, 'Видео <orders@shop.example>');
  assert.equal(headers['reply-to'], 'help@shop.example');
  assert.match(headers['message-id'], /^<msg_[0-9a-f]{32}@shop\.example>$/);
  assert.match(headers['content-type'], /^multipart\/alternative/);
  assert.deepEqual(parts.map((part) => part.headers['content-type']),
    ['text/plain; charset=utf-8', 'text/html; charset=utf-8']);
  for (const { body } of parts) {
    assert.match(body, words);
    assert.ok(body.includes(`https://video.example.com/${language}/payment-success/${id}`));
    assert.ok(!body.includes(privateWord));
  }
  assert.equal((await shop.status(id)).locale, locale);  // the page speaks it as well
}

const ours = { skip: !mayStart() && 'OpenSMTPD is started by root' };
if (!ours.skip) {
  before(async () => {
    server = await MailServer.start();
    shop = await Shop.open({ config, settings: {
      ...from, CLAIMCHECK_SMTP_URL: server.url, CLAIMCHECK_MAIL_REPLY_TO: 'help@shop.example' } });
  });
  after(async () => {
    await shop?.close();
    await server?.stop();
  });
}

describe('mails', ours, () => {
  for (const [locale, language, subject, words] of [
    ['ru', 'ru', 'Ваш заказ в Cat Films: Cat video — готово', /Посмотреть и скачать/],
    ['hi-IN', 'hi', 'Cat Films पर आपका ऑर्डर: Cat video तैयार है', /अच्छी ख़बर/],
    ['tr', 'tr', 'Cat Films siparişiniz: Cat video hazır', /izleyebilir ve indirebilirsiniz/],
    ['de', 'en', 'Your order at Cat Films: Cat video is ready', /watch it and download it/],
  ]) {
    test(`delivered, to a buyer whose language is ${locale}`,
      () => assertDelivered(locale, language, subject, words));
  }

  test('failed and refunded at one moment: one mail, with the amount as on the page', async () => {
    await shop.sandbox.faults(fails);
    const address = buyer('es');
    const id = await shop.paidOrder({ customerEmail: address, locale: 'es', quantity: 2 });
    await sent(id, 'failed');
    const all = await mails(address, 1);
    assert.deepEqual(all.map((one) => one.headers.subject),
      ['Cat Films: No hemos podido completar tu pedido']);
    const { body } = all[0].parts[0];
    assert.match(body, /Hemos devuelto 2,00\u00a0US\$/);
    assert.match(body, /pedido que hiciste en Cat Films/);
    // Nothing of it waits, and none was sent beside it.
    await shop.settled(20000);
    assert.deepEqual(shop.server.events('message_sent').filter((one) => one.session === id)
      .map((one) => one.news), ['failed']);
    await shop.sandbox.clearFaults();
  });

  test('an address that the server knows nothing of is given up at once', async () => {
    const id = await shop.paidOrder({ customerEmail: `${privateWord}@elsewhere.example` });
    const dead = await shop.server.event('message_given_up');
    assert.deepEqual([dead.session, dead.way, dead.status], [id, 'mail', 550]);
  });

  test('without an address in the order the one given to Stripe is written to', async () => {
    await sent(await shop.paidOrder(), 'delivered');
    await mails('buyer@example.com', 1);
  });

  test('an address that mail cannot have is nothing to do', async () => {
    const id = await shop.paidOrder({ customerEmail: `${privateWord}.ü@example.com` });
    await eventually(() => shop.server.events('message_skipped')
      .find((line) => line.session === id));
  });
});

describe('mails beyond an order\'s news', ours, () => {
  const find = (email) => shop.ask('POST', '/api/find-orders', { body: { email } });

  test('a lost link: the address gets one to all its orders, and the answer tells nothing',
    async () => {
      const address = buyer('lost');
      const ids = [];
      for (let i = 0; i < 2; ++i) {
        ids.unshift(await shop.paidOrder({ customerEmail: address, locale: 'tr' }));
        await sent(ids[0], 'delivered');
      }
      const known = await find(address.toUpperCase());
      const unknown = await find(buyer('nobody'));
      assert.deepEqual([known.status, known.json], [202, { asked: true }]);
      assert.deepEqual([unknown.status, unknown.json], [known.status, known.json]);
      await sent(ids[0], 'link');
      const all = await mails(address, 3);
      const { parts: [{ body }] } = all.find((one) =>
        one.headers.subject === 'Cat Films: Siparişleriniz');
      const [, link] = /https:\/\/video\.example\.com\/tr\/orders\/(\S+)/.exec(body);
      const { status, json } = await shop.ask('GET', `/api/found-orders/${link}`);
      assert.equal(status, 200);
      assert.deepEqual(json.orders.map((one) => one.sessionId), ids);
      assert.deepEqual(Object.keys(json.orders[0]),
        ['sessionId', 'status', 'toolTitle', 'videoCount', 'createdAt', 'paid', 'priceId']);
      const other = await shop.ask('GET', `/api/found-orders/${link.slice(0, -1)}x`);
      assert.deepEqual([other.status, other.json.code], [404, 'unknown_link']);
      assert.deepEqual(server.mails(buyer('nobody')), []);
      assert.equal(server.mails(address).length, 3);
    });

  test('a question about lost orders that is none', async () => {
    const { status, json } = await find('ada');
    assert.deepEqual([status, json.code, json.param], [400, 'invalid_email', 'email']);
    let refused;
    for (let i = 0; i < 5 && refused?.status !== 429; ++i) refused = await find(buyer('often'));
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  });

  test('a checkout that was left: one mail with the way back, to who agreed to it', async () => {
    const [agreed, not] = [await shop.order(), await shop.order()];
    for (const [id, name, promotions] of [[agreed, 'back', 'opt_in'], [not, 'quiet', 'opt_out']]) {
      await shop.sandbox.changeSession(id,
        { consent: { promotions }, customer_details: { email: buyer(name) } });
    }
    await shop.sandbox.advance(24 * 3600 + 1);
    await shop.statusWhen(not, (seen) => seen.status === 'error');
    await sent(agreed, 'abandoned');
    const [{ headers, parts: [{ body }] }, ...more] = await mails(buyer('back'), 1);
    assert.deepEqual(more, []);
    assert.equal(headers.subject, 'Cat Films: You have not finished your order');
    const [link] = /https:\/\/video\.example\.com\/pay\/\S+/.exec(body);
    const { status, headers: to } = await shop.ask('GET', new URL(link).pathname);
    assert.equal(status, 303);
    assert.match(to.get('location'), /\/r\/test_/);
    assert.deepEqual(server.mails(buyer('quiet')), []);
  });
});

describe('a mail server that does not do its part', parallel, () => {
  const answering = async (talk, use) => {
    const sockets = new Set();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      talk(socket);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await use(server.address().port);
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  };

  test('is silent: no order waits, and the end is a clean one', () => answering(() => {}, (port) =>
    Shop.with({ settings: { ...from, CLAIMCHECK_SMTP_URL: `smtp://127.0.0.1:${port}` } },
      async (shop) => {
        for (let i = 0; i < 3; ++i) {
          const id = await shop.paidOrder({ customerEmail: buyer('silent') });
          await shop.completed(id);
          await shop.settled(20000);  // while it is still waited for: that takes 30 s
        }
        assert.deepEqual(shop.server.events('message_sent'), []);
      })));

  const unwilling = (socket) => {
    socket.write('220 here\r\n');
    socket.on('data', (part) => {
      const word = String(part).slice(0, 4);
      if (word === 'EHLO') socket.write('250-here\r\n250 AUTH PLAIN\r\n');
      else socket.write(word === 'QUIT' ? '221 bye\r\n' : '535 no\r\n');
    });
  };
  test('refuses our password: tried again', () => answering(unwilling, (port) => Shop.with({
    settings: { ...from, CLAIMCHECK_SMTP_URL: `smtp://shop:k0rrekt%40Horse@127.0.0.1:${port}` },
  }, async (shop) => {
    const id = await shop.paidOrder({ customerEmail: buyer('login') });
    const line = await shop.server.event('message_refused');
    assert.deepEqual([line.session, line.status], [id, 535]);
  })));

  shopTest('is away', {}, async (shop) => {
    await shop.server.stop();
    await shop.start({ ...from, CLAIMCHECK_SMTP_URL: `smtp://127.0.0.1:${await freePort()}` });
    const id = await shop.paidOrder({ customerEmail: buyer('away') });
    await shop.completed(id);
    assert.equal((await shop.server.event('message_refused')).status, 0);
  });
});
