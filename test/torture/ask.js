// ask: one HTTP request on a connection of its own, as of a stranger, with a limit of time:
// { status, json }. A connection that breaks or says nothing is an error.
'use strict';
const http = require('node:http');

function ask(base, method, route, { body, headers = {}, ms = 15000 } = {}) {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(ms);
    const request = http.request(base + route, { method, headers, agent: false, signal },
      async (response) => {
        try {
          const parts = [];
          for await (const part of response) parts.push(part);
          resolve({ status: response.statusCode, json: read(Buffer.concat(parts).toString()) });
        } catch (error) {
          reject(error);
        }
      });
    // Which request it was: the stack has only the event loop.
    request.on('error', (error) => reject(Object.assign(
      new Error(`${method} ${base}${route}: ${error.message}`), { code: error.code })));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

module.exports = { ask };
