// Follows one order: asks the status every two seconds until it has ended, and shows each video
// when it is there. Every text from the server goes in as text, never as markup.
const id = decodeURIComponent(location.pathname.split('/').pop());
const element = (name) => document.getElementById(name);
const pollMs = 2000;

const headlines = {
  pending: ['Waiting for your payment', 'This page changes by itself as soon as it arrives.'],
  processing: ['Your order is being made', 'You can close this page and come back at any time.'],
  completed: ['Your order is ready', 'Thank you!'],
  error: ['This order was not completed', ''],
};

function say(headline, detail, bad) {
  element('headline').textContent = headline;
  element('detail').textContent = detail;
  element('detail').className = bad ? 'bad' : '';
}

function card(index) {
  const list = element('videos');
  if (!list.children[index]) {
    const item = document.createElement('li');
    const title = document.createElement('h2');
    title.textContent = `Video ${index + 1}`;
    const state = document.createElement('p');
    state.className = 'state';
    item.append(title, state);
    list.append(item);
  }
  return list.children[index];
}

function showVideo(item, file) {
  if (item.querySelector('video')) return;
  const video = document.createElement('video');
  video.controls = true;
  video.playsInline = true;
  video.preload = 'metadata';
  if (file.thumbnailUrl) video.poster = file.thumbnailUrl;
  video.src = file.url;
  const link = document.createElement('a');
  link.href = file.url;
  link.download = '';
  link.textContent = 'Download';
  item.querySelector('.state').replaceWith(video, link);
}

function money({ amount, currency }) {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

function showRefund(order) {
  const text = element('refund');
  text.hidden = !order.refund;
  if (!order.refund) return;
  const sum = money(order.refund);
  text.textContent = order.refund.status === 'refunded'
    ? `${sum} went back to you. Your bank may take a few days to show it.`
    : `${sum} is on its way back to you.`;
}

function showFiles(order) {
  (order.files || []).forEach((file, index) => {
    const item = card(index);
    if (file.status === 'completed' && file.url) return showVideo(item, file);
    const words = file.error || (file.fileId ? 'Being made …' : 'Waiting for its turn …');
    item.querySelector('.state').textContent = words;
  });
}

function show(order) {
  const [headline, detail] = headlines[order.status] || headlines.processing;
  say(headline, order.error || order.message || detail, order.status === 'error');
  const bar = element('progress');
  bar.hidden = order.status === 'pending' || order.status === 'error';
  bar.setAttribute('aria-valuenow', order.progress || 0);
  bar.classList.toggle('busy', order.status === 'processing');
  element('progress-fill').style.width = `${order.progress || 0}%`;
  showFiles(order);
  showRefund(order);
  element('keep').hidden = false;
  return order.status === 'completed' || order.status === 'error';
}

async function follow() {
  let ended = false;
  try {
    const answer = await fetch(`/api/webhook-status/${encodeURIComponent(id)}`);
    const order = await answer.json();
    if (answer.ok) {
      ended = show(order);
    } else if (answer.status < 500 && answer.status !== 429) {
      say('We do not know this order', 'Please check the address, or write to the shop.', true);
      ended = true;
    } else {
      element('detail').textContent = 'One moment, we are looking again …';
    }
  } catch {
    element('detail').textContent = 'No connection. We keep trying …';
  }
  if (!ended) setTimeout(follow, pollMs);
}

element('order-id').textContent = id;
follow();
