// Buyers: so many a second and at once, each from an address of his own. He orders one video, pays,
// follows the order by events or by asking until it is over, and looks at the file.
'use strict';
const http = require('node:http');
const { privateWord } = require('../blackbox/support/claimcheck.js');
const { ask } = require('../torture/ask.js');
const { pause, within } = require('../torture/time.js');

const atOnce = 96;
const askMs = 500;
const patienceMs = 60000;
const isOver = (status) => status === 'completed' || status === 'error';

// Follows the stream of an order until it is over.
function follow(base, id, headers) {
  return new Promise((resolve, reject) => {
    const options = { headers, agent: false };
    const request = http.get(`${base}/api/webhook-status/${id}/events`, options, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
        const status = [...text.matchAll(/"status":"(\w+)"/g)].some(([, word]) => isOver(word));
        if (!status) return;
        request.destroy();
        resolve();
      });
      response.on('error', reject);
      response.on('end', () => reject(new Error(`the stream of ${id} ended`)));
    });
    request.on('error', reject);
  });
}

class Buyers {
  constructor({ sandbox, services, prompt, perSecond }) {
    Object.assign(this, { sandbox, services, perSecond });
    this.prompt = `A ${privateWord} at dawn `.padEnd(prompt, '.').slice(0, prompt);
    this.begun = 0;
    this.ended = 0;
  }

  // Until so many orders are over; told(ended) after each.
  async come(count, told) {
    const start = Date.now();
    const oneAfterTheOther = async () => {
      while (this.begun < count) {
        const number = this.begun++;
        await pause(Math.max(0, start + number / this.perSecond * 1000 - Date.now()));
        await within(patienceMs, this.buyer(number), `order ${number} to be over`);
        told(++this.ended);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther));
  }

  async buyer(number) {
    const { url } = this.services[number % this.services.length];
    const headers = {
      'x-forwarded-for': `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}` };
    const body = { priceId: 'price_single', quantity: 1, prompt: this.prompt };
    const made = await ask(url, 'POST', '/api/create-checkout', { body,
      headers: { ...headers, 'content-type': 'application/json' } });
    if (made.status !== 200) throw new Error(`a checkout: ${made.status}`);
    const id = made.json.sessionId;
    await this.sandbox.pay(id);
    if (number % 2 === 0) await follow(url, id, headers);
    const seen = await this.completed(url, id, headers);
    const file = await ask(url, 'GET', `/api/file/${seen.fileId}`, { headers });
    if (file.status !== 200) throw new Error(`a file: ${file.status}`);
  }

  async completed(url, id, headers) {
    for (;;) {
      const { json } = await ask(url, 'GET', `/api/webhook-status/${id}`, { headers });
      if (json?.status === 'completed') return json;
      if (json?.status === 'error') throw new Error(`${id}: ${json.error}`);
      await pause(askMs);
    }
  }
}

module.exports = { Buyers };
