// The server's answers. When a person is no longer signed in, onSignedOut is called.

// Status 0: there was no answer.
export class Refused extends Error {
  constructor(status, { error, code } = {}) {
    super(error || `the server answered ${status}`);
    this.status = status;
    this.code = code;
  }
}

let signedOut = () => {};
export function onSignedOut(listener) { signedOut = listener; }

const silence = () => { throw new Refused(0, { error: 'The server does not answer.' }); };

async function ask(method, path, body) {
  const answer = await fetch(path, {
    method, credentials: 'same-origin', cache: 'no-store',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(silence);
  const isJson = (answer.headers.get('content-type') || '').startsWith('application/json');
  const json = isJson ? await answer.json().catch(silence) : {};
  if (answer.status === 401 && path !== '/ops/login') signedOut();
  if (!answer.ok) throw new Refused(answer.status, json);
  return json;
}

// Asks for what changes something: without an answer it may have happened, or not.
async function change(path, body, look) {
  try {
    return await ask('POST', path, body);
  } catch (error) {
    if (error.status === 0) {
      error.message += ` It is not known whether this was done: ${look} before you try again.`;
    }
    throw error;
  }
}

const segment = encodeURIComponent;

export const api = {
  signedIn: () => ask('GET', '/ops/login'),
  signIn: (token) => ask('POST', '/ops/login', { token }),
  signOut: () => ask('POST', '/ops/logout', {}),
  stats: (range) => ask('GET', `/api/ops/stats?range=${segment(range)}`),
  orders: (filter, before = '', limit = 50, days = {}) => ask('GET', '/api/ops/sessions?' +
    new URLSearchParams({ filter, before, limit, ...days })),
  counts: () => ask('GET', '/api/ops/counts'),
  sales: () => ask('GET', '/api/ops/sales'),
  csvOf: (filter, days = {}) => '/api/ops/orders.csv?' + new URLSearchParams({ filter, ...days }),
  search: (q, before = '') => ask('POST', '/api/ops/search', { q, before }),
  order: (id) => ask('GET', `/api/ops/sessions/${segment(id)}`),
  act: (id, order) =>
    change(`/api/ops/sessions/${segment(id)}/actions`, order, 'look at the order'),
  notifications: (state) => ask('GET', `/api/ops/notifications?state=${segment(state)}`),
  retryNotification: (id) =>
    change(`/api/ops/notifications/${segment(id)}/retry`, {}, 'look at the list'),
  retryNotifications: () => change('/api/ops/notifications/retry', {}, 'look at the list'),
  retryHeld: (reason) => change('/api/ops/held/retry', { reason }, 'look at the held orders'),
  decideHeld: (decision) =>
    change('/api/ops/held/decide', decision, 'look at the held orders'),
  refundWaiting: (note) => change('/api/ops/generator/refund', { note }, 'look at the overview'),
  pauseCheckout: () => change('/api/ops/checkout/pause', {}, 'look at the overview'),
  resumeCheckout: () => change('/api/ops/checkout/resume', {}, 'look at the overview'),
  releaseRefunds: () => change('/api/ops/breaker/release', {}, 'look at the overview'),
};
