// The numbers of the operator's overview in a real Chromium, for counts that are ours: what they
// are of, what they lead to, and what is said while refunds are stopped.
'use strict';
const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { patience } = require('./support/browser.js');
const { focusIs, openShop, signInAt } = require('./support/operator.js');

const steps = { hour: [60, 60], day: [300, 288], month: [3600, 720] };
const nowS = 1790000030;

// Two paid in each minute, whatever the range.
function stats(range, now) {
  const [step, many] = steps[range];
  const row = (count) => Array(many).fill(count);
  const names = ['created', 'delivered', 'refunded', 'held_videos', 'delivery_ms', 'deliveries',
    'lag_ms', 'lags', 'stripe_refused', 'stripe_rate_limited', 'stripe_server_error',
    'stripe_no_answer', 'generator_refused', 'generator_server_error', 'generator_no_answer'];
  const series = Object.fromEntries(names.map((name) => [name, row(0)]));
  return { range, step_s: step, from: nowS - nowS % step - (many - 1) * step,
    series: { ...series, paid: row(2 * step / 60) },
    now: { time: new Date(nowS * 1000).toISOString(), waiting: 0, inProgress: 2, held: 0,
      expectedSeconds: null, refundsStopped: null, mode: 'test', ...now } };
}

describe('the operator\'s overview', () => {
  const own = openShop();

  const overviewTest = (name, now, check) => test(name, () => own.browser.with({}, async (page) => {
    await signInAt(page, own.shop, '#/orders/all', 'text=No orders yet.');
    await page.route('**/api/ops/stats*', (route) => {
      const { searchParams } = new URL(route.request().url());
      return route.fulfill({ json: stats(searchParams.get('range'), now) });
    });
    await page.route('**/api/ops/sessions?filter=held*', (route) =>
      route.fulfill({ json: { orders: [], searched: 0, next: null, note: null } }));
    await page.click('nav >> text=Overview');
    await page.waitForSelector('.chart canvas', patience);
    await check(page);
  }));
  const tile = (page, name) =>
    page.locator(`.tile:has(dt :text-is("${name}"), dt:text-is("${name}"))`);

  overviewTest('has the same rate of now in every range', {}, async (page) => {
    for (const [range, below] of [['hour', '120 orders in 1 hour'],
      ['day', '2,880 orders in 24 hours'], ['month', '86,400 orders in 30 days']]) {
      await page.click(`[data-range=${range}]`);
      const rate = tile(page, 'Paid per minute');
      await rate.locator(`text=over 5 minutes; ${below}`).waitFor(patience);
      assert.equal(await rate.locator('dd').first().textContent(), '2.0');
    }
  });

  overviewTest('says of what its numbers are, and leads to those orders', { held: 3 },
    async (page) => {
      for (const [name, list, below] of [['Held', 'held', 'orders wait for a person'],
        ['Waiting', 'waiting', 'orders, for their payment'],
        ['In progress', 'working', 'orders paid, not over yet'],
        ['Delivered', 'delivered', 'videos in 1 hour'],
        ['Refunded', 'refunded', 'videos in 1 hour']]) {
        assert.equal(await tile(page, name).locator('.below').textContent(), below);
        assert.equal(await tile(page, name).locator('a').getAttribute('href'), `#/orders/${list}`);
      }
      assert.equal(await page.title(), '(3 held) Overview – claimcheck operator');
    });

  overviewTest('keeps the keyboard on a number that is told anew', {}, async (page) => {
    await page.focus('.tile a');
    const again = page.waitForResponse('**/api/ops/stats?range=day');
    await page.evaluate(() => document.querySelector('[data-range=day]').click());
    await (await again).finished();
    await page.waitForSelector('text=videos in 24 hours', patience);
    await focusIs(page, 'Held');
  });

  const since = new Date(nowS * 1000).toISOString();
  overviewTest('leads to what waits while refunds are stopped, and calls nothing good',
    { refundsStopped: { reason: 'more than 2 refunds in an hour', since } }, async (page) => {
      await page.waitForSelector('text=No order is held for a person.', patience);
      assert.equal(await page.locator('.notice.good').count(), 0);
      assert.equal(await page.getAttribute('.notice.bad a', 'href'), '#/orders/working');
      await page.click('text=Let them go on');
      await page.waitForSelector('dialog >> text=go on within five minutes', patience);
    });

  const setup = [{ fault: 'webhook_secret', why: 'every event was refused' },
    { fault: 'clock', why: 'a clock differs' }];
  overviewTest('has one red row on top for all settings that are wrong',
    { setup, clockWrong: true }, async (page) => {
      const first = page.locator('.banners > *').first();
      await first.waitFor(patience);
      assert.match(await first.getAttribute('class'), /bad/);
      // The clock has a banner of its own.
      assert.match(await first.textContent(), /^Setup: every event was refused\. “claimcheck doc/);
      assert.equal(await page.locator('.banners > *').count(), 2);
    });

  const alert = (name, title, more = {}) => ({ alert: name, severity: 'warning', since, count: 2,
    title, what: 'What it is.', meanwhile: 'It waits.', todo: 'What to do.', page: '/ops#/',
    ...more });
  overviewTest('lists the open alerts on top with what to do, each said once', {
    setup: [{ fault: 'stripe_key', why: 'Stripe refuses the key' },
      { fault: 'webhook_secret', why: 'every event was refused' }],
    refundsStopped: { reason: 'too many', since },
    alerts: [
      alert('stripe_key', 'Stripe refuses the key', { severity: 'urgent' }),
      alert('refunds_stopped', 'Automatic refunds are stopped'),
      alert('held', '2 orders are held', { page: '/ops#/orders/held' })],
  }, async (page) => {
    const list = page.locator('.banners > *').first();
    await list.waitFor(patience);
    assert.match(await list.getAttribute('class'), /bad/);
    const lines = await list.locator('p').allTextContents();
    assert.equal(lines.length, 3);
    assert.match(lines[0], /^Stripe refuses the key, .*: What it is\. What to do\.$/);
    assert.match(lines[1], /^2 orders are held, /);
    assert.match(lines[2], /^Setup: every event was refused\. /);
    assert.equal(await list.locator('a').getAttribute('href'), '#/orders/held');
    assert.equal(await page.locator('.banners > *').count(), 2);
  });

  overviewTest('is not red while no alert is urgent', {
    alerts: [alert('balance_low', 'The generator\'s credits run low')],
  }, async (page) => {
    const list = page.locator('.banners > *').first();
    await list.waitFor(patience);
    assert.match(await list.getAttribute('class'), /warn/);
    assert.equal(await page.locator('.notice.bad').count(), 0);
  });

  const away = { reason: 'the generator answered 503', since, waiting: 12 };
  overviewTest('has one banner while the generator is away, and asks before all is refunded',
    { generatorAway: away }, async (page) => {
      const banner = page.locator('.notice[role=alert]');
      await banner.waitFor(patience);
      assert.match(await banner.textContent(),
        /The generator is away: the generator answered 503, since .* 12 videos wait among the/);
      assert.equal(await page.locator('.notice.good').count(), 0);
      const asked = [];
      await page.route('**/api/ops/generator/refund', (route) => {
        asked.push(route.request().postDataJSON());
        return route.fulfill({ json: { done: true, refunded: 6, more: asked.length < 2 } });
      });
      await page.click('text=Refund all…');
      await page.waitForSelector('dialog >> text=This cannot be undone', patience);
      assert.deepEqual(asked, []);
      await page.fill('#note', 'no end in sight');
      await page.click('dialog >> text=Refund them');
      await page.waitForSelector('dialog', { ...patience, state: 'hidden' });
      assert.deepEqual(asked, [{ note: 'no end in sight' }, { note: 'no end in sight' }]);
      await page.click('text=Go on waiting');
      await page.locator('.notice[role=status]').waitFor(patience);
      assert.equal(await page.locator('text=Go on waiting').count(), 0);
    });

  const generators = [
    { name: 'fal', running: 20, waiting: 1500, away: null, since: null },
    { name: 'gpu', running: 0, waiting: 0, away: null, since: null },
    { name: 'replicate', running: null, waiting: 3, away: 'no credit is left', since },
    { name: 'superduperai', running: null, waiting: 0, away: null, since: null }];
  overviewTest('has a line for each generator: its jobs, what waits, and whether it is away',
    { generators }, async (page) => {
      const list = page.locator('section[aria-labelledby=generators-title]');
      await list.waitFor(patience);
      assert.deepEqual(await list.locator('li').allTextContents(), [
        'fal Has a line 20 being made, 1,500 waiting',
        'gpu Takes orders 0 being made, 0 waiting',
        'replicate Away 3 waiting; no credit is left, since now',
        'superduperai Takes orders ']);
      const colours = await list.locator('.badge').evaluateAll((all) =>
        all.map((one) => getComputedStyle(one).color));
      assert.equal(new Set(colours).size, 3);
      assert.equal(colours[1], colours[3]);
    });

  overviewTest('has no list of generators where the server tells of none', { generators: [] },
    async (page) => {
      assert.equal(await page.locator('text=Generators').isVisible(), false);
    });

  overviewTest('says in one line that no call has failed', {}, async (page) => {
    await page.waitForSelector(
      '.quiet:text-is("No failed calls to Stripe or the generator in 1 hour.")', patience);
    assert.deepEqual(await page.locator('.chart:visible h3').allTextContents(),
      ['Orders per minute', 'Videos', 'Time to delivery', 'Webhook lag']);
  });

  overviewTest('keeps what is now apart from what was lately', {}, async (page) => {
    const names = (title) => page.locator(`section[aria-labelledby=${title}] .tile dt`)
      .allTextContents();
    assert.deepEqual(await names('now-title'), ['Held', 'Waiting', 'In progress']);
    for (const [range, title] of [['month', 'Last 30 days'], ['day', 'Last 24 hours'],
      ['hour', 'Last hour']]) {
      await page.click(`[data-range=${range}]`);
      assert.equal(await page.textContent('#lately-title'), title);
    }
    assert.ok(!(await names('lately-title')).includes('Held'));
  });

  const sum = (currency, sold, refunded, soldBefore) =>
    ({ currency, sold, refunded, soldBefore, refundedBefore: 0 });
  test('tells money by currency, product and tool, beside the day before', () =>
    own.browser.with({}, async (page) => {
      await page.route('**/api/ops/sales', (route) => route.fulfill({ json: {
        hours: 24, started: 13, paid: 10, startedBefore: 4, paidBefore: 1,
        currencies: [sum('eur', 500, 0, 0), sum('usd', 1900, 100, 300)],
        products: [{ ...sum('eur', 500, 0, 0), price: 'price_1', title: 'One clip' },
          { ...sum('usd', 1900, 100, 300), price: 'other', title: 'other' }],
        tools: [{ ...sum('usd', 1000, 100, 300), tool: 'cat-video', title: 'Cat video',
          costMicros: 2500000 },
        { ...sum('usd', 900, 0, 0), tool: 'dog-video', title: 'Dog video', costMicros: 0 },
        { ...sum('credits', 0, 0, 0), tool: 'cat-video', title: 'Cat video',
          costMicros: 24000000 }] } }));
      await signInAt(page, own.shop, '#/', '.chart canvas');
      const told = (name) => tile(page, name).locator('dd').allTextContents();
      assert.deepEqual(await told('Sold'), ['€5.00$19.00', '$3.00 in the 24 hours before']);
      assert.deepEqual(await told('Money refunded'),
        ['$1.00', 'nothing in the 24 hours before']);
      assert.deepEqual(await told('Paid of started'),
        ['77 %', '10 of 13 orders; 25 % in the 24 hours before']);
      const rows = (head) => page.locator(`.sales:has(th:text-is("${head}")) tbody tr`)
        .allTextContents();
      assert.deepEqual(await rows('Product'), ['One clip€5.00––', 'Other$19.00$1.00$3.00']);
      assert.deepEqual(await rows('Tool'), ['Cat video$10.00$1.00$2.50$6.50$3.00',
        'Dog video$9.00––––', 'Cat video––24 credits-24 credits–']);
    }));

  overviewTest('has its times at the same places in every chart', {}, async (page) => {
    await page.evaluate(() => {
      const { uPlot } = window;
      window.plots = [];
      window.uPlot = function (...given) {
        const made = new uPlot(...given);
        window.plots.push(made);
        return made;
      };
      window.uPlot.paths = uPlot.paths;
    });
    await page.emulateMedia({ colorScheme: 'dark' });  // they are drawn anew
    await page.waitForFunction(() => window.plots.length === 4, null, patience);
    const places = await page.evaluate(() =>
      window.plots.map(({ scales: { x } }) => [x.min, x.max]));
    assert.equal(new Set(places.map(String)).size, 1, String(places));
    const { from, step_s: step } = stats('hour');
    assert.deepEqual(places[0], [from, from + 60 * step]);
  });
});
