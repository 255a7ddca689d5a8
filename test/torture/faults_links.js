// Faults of links: a proxy delays, drops, cuts or swallows what goes over it for a while, or all
// links stop one by one and go on in another order. Each resolves with how often it struck.
'use strict';
const { scripts } = require('./proxy.js');
const { pause } = require('./time.js');

const places = ['front', ...['service-1', 'service-2'].flatMap((name) =>
  [`${name} to Redis`, `${name} to Stripe`, `${name} to the generator`])];

// A place that no other fault holds.
function atOnePlace(name, script) {
  return {
    name, weight: 2, locks: places, lockOne: true,
    // With Sentinels there are none to Redis.
    run: async ({ proxies }, chance, [place]) =>
      proxies[place]?.during(chance.between(1000, 8000), script(chance)) ?? 0,
  };
}

// All links stop one by one, new ones too, and go on one by one in another order.
async function swizzle(environment, chance) {
  const proxies = Object.values(environment.proxies);
  let struck = 0;
  for (const proxy of chance.shuffled(proxies)) {
    struck += proxy.links.size;
    proxy.stop();
    await pause(chance.between(50, 700));
  }
  await pause(chance.between(0, 2000));
  for (const proxy of chance.shuffled(proxies)) {
    proxy.go();
    await pause(chance.between(50, 700));
  }
  return struck;
}

// One process is cut off from one of its peers, or both from the world; requests wait on the way.
async function stopped({ proxies }, chance) {
  const proxy = proxies[chance.pick(places.filter((place) => proxies[place]))];
  const struck = proxy.links.size;
  proxy.stop();
  await pause(chance.between(1000, 20000));
  proxy.go();
  return struck;
}

module.exports = [
  atOnePlace('link delayed', (chance) => scripts.delay(400, chance)),
  atOnePlace('reply dropped on its way', (chance) => scripts.dropReplies(0.2, chance)),
  atOnePlace('reply cut short', (chance) => scripts.cutReplies(0.2, chance)),
  atOnePlace('link swallows everything (black hole)', () => scripts.blackHole()),
  atOnePlace('link half closed', (chance) => scripts.halfClose(0.2, chance)),
  { name: 'link stopped for seconds', weight: 2, locks: ['stopped links'], run: stopped },
  { name: 'all links swizzled', weight: 1, locks: ['stopped links'], run: swizzle },
];
