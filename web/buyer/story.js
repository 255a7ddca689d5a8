// What a status answer means for the buyer, in words: no elements, no network. What is not known
// (an older server, a newer notice) is told by the plain status.

// What an order takes before it is called slow: twice the usual time, but not less than that.
const slowTimes = 2;
const slowLeastS = 2 * 60;
const slowUnknownS = 10 * 60;  // where no usual time is known

// unstarted (not paid) | waiting | making | done | lost | checked, for one video. What is held may
// still be made: a person decides.
function stateOf(file, order) {
  if (file.status === 'completed' && file.url) return 'done';
  if (file.status === 'error') return order.notice === 'held' ? 'checked' : 'lost';
  if (order.status === 'pending') return 'unstarted';
  return file.fileId ? 'making' : 'waiting';
}

// Texts for the reasons that the server knows; for a newer one the plain text stands.
const reasons = { refused_content: 'whyRefused', wrong_input: 'whyInput',
  service_fault: 'whyFault', service_away: 'whyAway', too_late: 'whyLate' };

// The key of what a video's card says about its state.
export function stateText(state, file) {
  return (state === 'lost' && reasons[file.reason]) || state;
}

// The one reason of all that could not be made, as a sentence; '' when there is none.
function reasonOf({ files }, words) {
  const known = new Set((files ?? []).filter(({ status }) => status === 'error')
    .map(({ reason }) => reasons[reason]));
  const [key] = known;
  return known.size === 1 && key ? words.say(key) : '';
}

const together = (...sentences) => sentences.filter(Boolean).join(' ');

// Nothing will change any more, so nobody needs to ask.
export function isOver(order) {
  const ended = order.status === 'completed' || order.status === 'error';
  return ended && order.refund?.status !== 'pending';
}

// One entry per video that was ordered, also before the server lists them; none where there is
// nothing to see: no video was begun, or none could be made.
function filesOf(order) {
  const files = order.files ?? [];
  if (order.status === 'error') return [];
  const lost = files.length > 0 && files.every((file) => file.status === 'error');
  if (lost && order.notice === 'refund_under_way') return [];
  if (order.notice === 'prompt_refused' && !files.some(({ url }) => url)) return [];
  if (files.length > 0) return files;
  return Array.from({ length: order.videoCount ?? 1 }, () => ({ status: order.status }));
}

// By the clocks of two machines: where they differ it is said too early or too late.
function isSlow(order, now) {
  const usual = Number(order.expectedSeconds);
  const limit = usual > 0 ? Math.max(slowTimes * usual, slowLeastS) : slowUnknownS;
  return now - Date.parse(order.updatedAt ?? order.timestamp) > 1000 * limit;
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

function partlyLost({ refund: sum }, words) {
  return sum ? words.say('partRefund', { amount: words.money(sum) }) : words.say('partComing');
}

// Of an order of which nothing could be made, money is what the buyer wants to know about.
function allLost(order, words) {
  const headline = words.say('notMade', { n: order.files?.length || (order.videoCount ?? 1) });
  const money = refund(order, words) || words.say('refundComing');
  return [headline, together(reasonOf(order, words), money)];
}

// How many are before it, and about when its turn comes, as far as that is known.
function inLine({ queue }, words) {
  const place = Number(queue?.place);
  const minutes = Math.ceil(Number(queue?.aboutSeconds) / 60);
  const told = [];
  if (place > 0) told.push(words.say('queuedPlace', { n: place }));
  if (place > 0 && minutes > 0) told.push(words.say('queuedMinutes', { n: minutes }));
  return [...told, words.say('queuedDetail')].join(' ');
}

function processing(order, words, { total, now }) {
  if (order.notice === 'held') return ['note', words.say('held'), words.say('heldDetail')];
  if (order.notice === 'prompt_refused') {
    const date = words.date(order.waitsUntil, 'medium');
    return ['note', words.say('editable'), words.say('editableDetail', { date })];
  }
  if (order.notice === 'refund_under_way') {
    return total > 0
      ? ['note', words.say('partLost'), partlyLost(order, words)]
      : ['note', ...allLost(order, words)];
  }
  if (order.notice === 'generator_away') {
    const date = words.date(order.waitsUntil, 'medium');
    const detail = date ? words.say('awayDetail', { date }) : words.say('slow');
    return ['wait', words.say('away'), detail];
  }
  if (order.notice === 'queued') {
    return ['wait', words.say('queued'), inLine(order, words)];
  }
  if (order.notice === 'made_again') {
    return ['busy', words.say('madeAgain'), words.say('madeAgainDetail')];
  }
  const detail = isSlow(order, now)
    ? words.say('slow') : `${expected(order, words)} ${words.say('workingDetail')}`;
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
    case 'not_made':
      if (order.refund) return ['bad', ...allLost(order, words)];
      return ['bad', words.say('notMade', { n: order.videoCount ?? 1 }),
        together(words.say('sorry'), reasonOf(order, words), words.say('notCharged'))];
    case 'link_lost': return ['note', words.say('linkLost'), words.say('failedDetail')];
    default: return ['bad', words.say('failed'), words.say('failedDetail')];
  }
}

// Ends after which nobody needs to write to the shop.
const explained = ['expired', 'payment_failed', 'not_made'];

const tellers = { pending, processing, completed, error: failed };

// Where a buyer may go on from here, the best way first: 'pay' (Stripe's page, while it can be
// paid), 'recover' (a new checkout like this one), 'orderAgain' and 'shop' (at the shop's),
// 'support' (writes to the shop, where the text says so).
function waysOf(order) {
  if (order.status === 'pending') return order.notice ? [] : ['pay', 'shop'];
  if (order.status === 'processing') return order.notice === 'held' ? ['support'] : [];
  if (order.status === 'completed') return ['shop'];
  if (order.status !== 'error') return [];
  if (order.notice === 'link_lost') return ['shop', 'support'];
  const again = order.recoveryUrl ? ['recover', 'orderAgain'] : ['orderAgain'];
  return explained.includes(order.notice) ? again : [...again, 'support'];
}

// { tone, headline, detail, refund, files, states, count, ways }: count is '' when there is one
// video; refund is '' where the detail has it.
export function tell(order, texts, now = Date.now()) {
  const words = texts.of(order.media);
  const files = filesOf(order);
  const states = files.map((file) => stateOf(file, order));
  const many = (state) => states.filter((one) => one === state).length;
  const numbers = { total: states.length, done: many('done'), lost: many('lost'), now };
  const [tone, headline, detail] = (tellers[order.status] ?? processing)(order, words, numbers);
  const count = numbers.total > 1
    ? words.say('count', { n: numbers.done, total: numbers.total }) : '';
  const sum = refund(order, words);
  return { tone, headline, detail, refund: detail.endsWith(sum) ? '' : sum, files, states, count,
    ways: waysOf(order) };
}
