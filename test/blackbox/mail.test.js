// Mails to buyers: how an order ended, in their language, once, through a real mail server. One
// that is away, silent or unwilling keeps no order waiting.
'use strict';
const assert = require('node:assert/strict');
const net = require('node:net');
const { after, before, describe, test } = require('node:test');
const { privateWord } = require('./support/claimcheck.js');
const { MailServer, mayStart } = require('./support/mail.js');
const { freePort } = require('./support/redis.js');
const { eventually } = require('./support/sandbox.js');
const { Shop, parallel, shopTest } = require('./support/shop.js');

const fails = { match: 'POST /api/v1/file/generate-video', times: 0, action: { task: 'error' } };
const from = { CLAIMCHECK_MAIL_FROM: 'Видео <orders@shop.example>',
  CLAIMCHECK_PUBLIC_URL: 'https://video.example.com' };
const face = '[shop]\nname = "Cat Films"\n[shop.products]\nprice_single = "Cat video"\n';
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

describe('mails', { skip: !mayStart() && 'OpenSMTPD is started by root' }, () => {
  before(async () => {
    server = await MailServer.start();
    shop = await Shop.open({ config: face, settings: {
      ...from, CLAIMCHECK_SMTP_URL: server.url, CLAIMCHECK_MAIL_REPLY_TO: 'help@shop.example' } });
  });
  after(async () => {
    await shop?.close();
    await server?.stop();
  });

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
