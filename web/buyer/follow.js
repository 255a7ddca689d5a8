// Follows one order for as long as it can change. The server pushes changes through an event
// stream; asking again and again carries everything where there is no stream, and finds out when a
// stream has died in silence: in a sleeping laptop, behind a proxy, with its server. Trouble never
// takes away what is known already.
//   listener: { order(answer), missing('unknown' | 'gone' | 'malformed' | 'unreadable', isLong),
//     connection(isThere) }
import { isOver } from './story.js';

const second = 1000;
const patience = 15 * second;      // for one answer
const pace = { shortest: 2 * second, longest: 15 * second, hidden: 30 * second };
const streaming = 60 * second;     // between questions while a stream is open
const inLine = 20 * second;        // likewise, of an order whose place in a line changes
const streamAgain = 30 * second;   // after one that could not be opened, or ended soon
const streamWorth = 10 * second;   // what is not soon
const missingPatience = 10 * 60 * second;
const missingLong = 60 * second;
const missingPace = { shortest: 5 * second, longest: 60 * second };

function inRange(low, value, high) { return Math.min(Math.max(low, value), high); }

// Whole seconds or a date, as HTTP has it.
export function retryAfter(text, now = Date.now()) {
  if (!text) return 0;
  const wait = /^\d+$/.test(text) ? Number(text) * second : Date.parse(text) - now;
  return wait > 0 ? wait : 0;
}

// How long until an order that has been missing for so long is asked for again. Each answer that
// there is none is a line on the browser's console.
export function missingWait(passed) {
  return inRange(missingPace.shortest, passed / 4, missingPace.longest);
}

export class Follower {
  #address;
  #listener;
  #listening = null;       // ends all listeners to the browser at once
  #asking = null;          // the question that is out
  #timer = 0;
  #stream = null;
  #streamHeard = false;
  #streamFrom = 0;         // not to be opened before
  #failures = 0;
  #known = '';             // which version of the order the listener has
  #queued = false;         // it stands in line
  #changedAt = 0;
  #missingSince = 0;

  constructor(address, listener) {
    this.#address = address;
    this.#listener = listener;
  }

  start() {
    this.stop();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const look = () => { if (!document.hidden) this.look(); };
    document.addEventListener('visibilitychange', look, { signal });
    addEventListener('online', look, { signal });
    addEventListener('pageshow', (event) => { if (event.persisted) look(); }, { signal });
    addEventListener('offline', () => this.#listener.connection(false), { signal });
    // An open stream would keep the page from coming back at once with the back button.
    addEventListener('pagehide', () => this.#closeStream(0), { signal });
    this.#changedAt = Date.now();
    this.#missingSince = 0;
    this.look();
  }

  stop() {
    this.#listening?.abort();
    this.#asking?.abort();
    this.#asking = null;
    clearTimeout(this.#timer);
    this.#closeStream(0);
  }

  // Asks now; a question that is still out may hang on a dead connection.
  async look() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = this.#asking = new AbortController();
    const limit = setTimeout(() => asking.abort(), patience);
    const { status, order, missing, wait } = await this.#ask(asking.signal);
    clearTimeout(limit);
    if (this.#asking !== asking) return;  // asked anew, or stopped
    this.#asking = null;
    if (order) this.#take(order, false);
    else if (missing && !this.#known) this.#miss(missing);
    else this.#trouble(status);
    if (this.#listening.signal.aborted) return;
    this.#timer = setTimeout(() => this.look(), Math.max(wait, this.#wait()));
  }

  // { status, order, missing, wait }: status 0 when nobody answered; missing: why there is no
  // order; wait as the server wants it, mostly 0.
  async #ask(signal) {
    try {
      const answer = await fetch(this.#address, { signal, cache: 'no-store', credentials: 'omit' });
      const wait = retryAfter(answer.headers.get('retry-after'));
      const { status, ok } = answer;
      const told = ok || status === 500 ? await answer.json() : null;
      // An order that cannot be read is told by its status word; any other 500 may pass.
      const missing = { 400: 'malformed', 404: 'unknown' }[status] ??
        (!ok && told?.status === 'error' ? 'unreadable' : '');
      return { status, order: ok ? told : null, missing, wait };
    } catch {
      return { status: 0, order: null, missing: '', wait: 0 };
    }
  }

  #take(order, streamed) {
    const version = `${order.status} ${order.updatedAt}`;
    const news = version !== this.#known;
    // The stream should have told: it is dead, or about to; a new one costs little.
    if (news && !streamed && this.#streamHeard) this.#closeStream(0);
    if (news) this.#changedAt = Date.now();
    this.#known = version;
    this.#queued = order.notice === 'queued';
    this.#failures = 0;
    this.#listener.connection(true);
    this.#listener.order(order);
    if (isOver(order)) this.stop();
    else this.#openStream();
  }

  #miss(missing) {
    this.#failures = 0;
    this.#missingSince ||= Date.now();
    this.#listener.connection(true);
    const passed = Date.now() - this.#missingSince;
    const kind = missing === 'unknown' && passed > missingPatience ? 'gone' : missing;
    this.#listener.missing(kind, kind !== 'unknown' || passed > missingLong);
    if (kind !== 'unknown') this.stop();
  }

  // Who asks too often is connected all the same.
  #trouble(status) {
    this.#failures += 1;
    this.#listener.connection(status === 429);
  }

  // With some chance in it: a thousand pages must not come back in the same moment.
  #wait() {
    const { shortest, longest, hidden } = pace;
    let wait = inRange(shortest, (Date.now() - this.#changedAt) / 30, longest);
    if (this.#missingSince && !this.#known) wait = missingWait(Date.now() - this.#missingSince);
    if (this.#streamHeard) wait = this.#queued ? inLine : streaming;
    if (this.#failures) wait = Math.min(shortest * 2 ** (this.#failures - 1), 2 * longest);
    if (document.hidden) wait = Math.max(wait, hidden);
    return wait * (0.8 + 0.4 * Math.random());
  }

  #openStream() {
    if (this.#stream || Date.now() < this.#streamFrom) return;
    const opened = Date.now();
    const stream = this.#stream = new EventSource(`${this.#address}/events`);
    stream.onmessage = ({ data }) => {
      this.#streamHeard = true;
      this.#take(JSON.parse(data), true);
    };
    // The browser would try again by itself, but only sometimes: one rule here for all cases. A
    // server that goes away takes all its streams along, so they do not come back in one moment.
    stream.onerror = () => {
      const stood = this.#streamHeard;
      this.#closeStream(Date.now() - opened > streamWorth ? 0 : streamAgain);
      if (!stood) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.look(), second * Math.random());
    };
  }

  #closeStream(pause) {
    this.#stream?.close();
    this.#stream = null;
    this.#streamHeard = false;
    this.#streamFrom = Date.now() + pause;
  }
}
