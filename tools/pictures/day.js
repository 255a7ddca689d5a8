// A plausible day for the charts of the operator's page: nobody waits a day for a picture, so its
// counts are written into Redis as claimcheck would have (docs/redis-layout.md). Everything else
// on the pictures is real.
'use strict';

const stepS = 300;  // of one bucket of the range "day"
const buckets = 288;
const incident = { from: 170, to: 178 };  // the generator is down, at these buckets

// The same day whenever it is made.
function dice(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function bucketOf(index, random) {
  const wave = 1 + 0.7 * Math.sin((index / buckets) * 2 * Math.PI - 1.2);
  const about = (mean) => Math.round(mean * (0.6 + 0.8 * random()));
  const rarely = (chance) => (random() < chance ? 1 : 0);
  const down = index >= incident.from && index < incident.to;
  const after = index >= incident.to && index < incident.to + 6;
  const paid = about(7 * wave);
  const videos = Math.round(paid * 1.5);
  const deliveries = down ? about(1) : after ? about(paid * 1.8) : paid;
  const seconds = down || after ? about(420) : about(95);
  const lags = paid * 2;
  return {
    created: paid + about(2.4 * wave), paid, deliveries,
    delivered: Math.round(deliveries * 1.5), delivery_ms: deliveries * seconds * 1000,
    refunded: down ? about(2) : rarely(0.06), held_videos: down ? rarely(0.3) : rarely(0.012),
    lags, lag_ms: lags * about(650),
    stripe_ok: paid * 6, stripe_rate_limited: rarely(0.05), stripe_no_answer: rarely(0.02),
    generator_ok: down ? 2 : videos * 9, generator_refused: rarely(0.05),
    generator_server_error: down ? about(26) : rarely(0.03),
    generator_no_answer: down ? about(9) : rarely(0.02),
  };
}

// Until now; what the server counts itself comes on top.
async function writeDay(shop) {
  const random = dice(7);
  const nowS = Math.floor(Date.now() / 1000);
  const newest = nowS - (nowS % stepS);
  for (let index = 0; index < buckets; ++index) {
    const key = `claimcheck:stats:{f}:${newest - (buckets - 1 - index) * stepS}`;
    const counts = Object.entries(bucketOf(index, random)).filter(([, count]) => count > 0);
    await shop.redis('HSET', key, ...counts.flat().map(String));
  }
  // What is paid per minute now is told from the minutes before this one.
  const minute = nowS - (nowS % 60);
  for (let ago = 1; ago <= 7; ago += 2) {
    await shop.redis('HSET', `claimcheck:stats:{m}:${minute - ago * 60}`, 'paid', '1');
  }
}

module.exports = { writeDay };
