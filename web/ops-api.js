// The server's answers. Whoever is not signed in any more is told so through onSignedOut.

export class Refused extends Error {
  constructor(status, { error, code } = {}) {
    super(error || `the server answered ${status}`);
    this.status = status;
    this.code = code;
  }
}

let signedOut = () => {};
export function onSignedOut(listener) { signedOut = listener; }

async function ask(method, path, body) {
  const answer = await fetch(path, {
    method, credentials: 'same-origin', cache: 'no-store',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const isJson = (answer.headers.get('content-type') || '').startsWith('application/json');
  const json = isJson ? await answer.json() : {};
  if (answer.status === 401 && path !== '/ops/login') signedOut();
  if (!answer.ok) throw new Refused(answer.status, json);
  return json;
}

const segment = encodeURIComponent;

export const api = {
  signIn: (token) => ask('POST', '/ops/login', { token }),
  signOut: () => ask('POST', '/ops/logout', {}),
  stats: (range) => ask('GET', `/api/ops/stats?range=${segment(range)}`),
  orders: (filter, before = '', limit = 50) => ask('GET', '/api/ops/sessions?' +
    new URLSearchParams({ filter, before, limit })),
  search: (q, before = '') => ask('POST', '/api/ops/search', { q, before }),
  order: (id) => ask('GET', `/api/ops/sessions/${segment(id)}`),
  act: (id, order) => ask('POST', `/api/ops/sessions/${segment(id)}/actions`, order),
  notifications: (state) => ask('GET', `/api/ops/notifications?state=${segment(state)}`),
  retryNotification: (id) => ask('POST', `/api/ops/notifications/${segment(id)}/retry`, {}),
  retryNotifications: () => ask('POST', '/api/ops/notifications/retry', {}),
  releaseRefunds: () => ask('POST', '/api/ops/breaker/release', {}),
};
