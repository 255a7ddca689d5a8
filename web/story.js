// What a status answer means for the buyer, in words: no elements, no network. What is not known
// (an older server, a newer notice) is told by the plain status.

// waiting | making | done | lost, for one video.
export function stateOf(file) {
  if (file.status === 'completed' && file.url) return 'done';
  if (file.status === 'error') return 'lost';
  return file.fileId ? 'making' : 'waiting';
}

// Nothing will change any more, so nobody needs to ask.
export function isOver(order) {
  const ended = order.status === 'completed' || order.status === 'error';
  return ended && order.refund?.status !== 'pending';
}

// One entry per video that was ordered, also before the server lists them; none for an order that
// ended before any was begun.
function filesOf(order) {
  const files = order.files ?? [];
  if (order.status === 'error') return order.notice === 'not_made' ? files : [];
  if (files.length > 0) return files;
  return Array.from({ length: order.videoCount ?? 1 }, () => ({ status: order.status }));
}

function expected(order, words) {
  const seconds = Number(order.expectedSeconds);
  if (!(seconds > 0)) return words.say('appears');
  if (seconds < 60) return words.say('soon');
  return words.say('minutes', { n: Math.round(seconds / 60) });
}

function refund(order, words) {
  if (!order.refund) return '';
  const key = order.refund.status === 'refunded' ? 'refundDone' : 'refundPending';
  return words.say(key, { amount: words.money(order.refund) });
}

// [tone, headline, detail]. Tones: busy, wait (for the payment), done, note, bad.
function pending(order, words) {
  return order.notice === 'payment_delayed'
    ? ['wait', words.say('delayed'), words.say('delayedDetail')]
    : ['wait', words.say('pending'), words.say('pendingDetail')];
}

function processing(order, words, { total, lost }) {
  if (order.notice === 'held') return ['note', words.say('held'), words.say('heldDetail')];
  if (order.notice === 'refund_under_way') {
    const headline = lost < total ? words.say('partLost') : words.say('notMade', { n: total });
    return ['note', headline, words.say('refundComing')];
  }
  const detail = `${expected(order, words)} ${words.say('workingDetail')}`;
  return ['busy', words.say('working', { n: total }), detail];
}

function completed(order, words, { total, lost }) {
  return lost === 0
    ? ['done', words.say('ready', { n: total }), words.say('readyDetail')]
    : ['note', words.say('partLost'), words.say('partlyDetail')];
}

function failed(order, words) {
  switch (order.notice) {
    case 'expired': return ['bad', words.say('expired'), words.say('expiredDetail')];
    case 'payment_failed': return ['bad', words.say('unpaid'), words.say('unpaidDetail')];
    case 'not_made': {
      const detail = words.say('sorry') + (order.refund ? '' : ' ' + words.say('notCharged'));
      return ['bad', words.say('notMade', { n: order.videoCount ?? 1 }), detail];
    }
    default: return ['bad', words.say('failed'), words.say('failedDetail')];
  }
}

const tellers = { pending, processing, completed, error: failed };

// { tone, headline, detail, refund, files, states, count, mayReturn }: count is '' when there is
// one video; mayReturn is whether the shop is the way on, also for whoever has not paid.
export function tell(order, words) {
  const files = filesOf(order);
  const states = files.map(stateOf);
  const many = (state) => states.filter((one) => one === state).length;
  const numbers = { total: states.length, done: many('done'), lost: many('lost') };
  const [tone, headline, detail] = (tellers[order.status] ?? processing)(order, words, numbers);
  const count = numbers.total > 1
    ? words.say('count', { n: numbers.done, total: numbers.total }) : '';
  const mayReturn = order.status === 'error' || (order.status === 'pending' && !order.notice);
  return { tone, headline, detail, refund: refund(order, words), files, states, count, mayReturn };
}
