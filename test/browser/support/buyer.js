// The buyer's page for a test: opened at an order, its orders kept waiting or made to fail, and
// what stands on it.
'use strict';

const generate = 'POST /api/v1/file/generate-video';
const never = { match: generate, times: 0, action: { task: 'never' } };
const fails = { match: generate, times: 0, action: { task: 'error' } };
const phone = { viewport: { width: 390, height: 844 } };
const languages = ['en', 'ru', 'tr', 'es', 'hi'];

const visit = (page, shop, id, locale) =>
  page.goto(`${shop.server.url}${locale ? `/${locale}` : ''}/payment-success/${id}`);
const part = (page, name) => page.locator(`claimcheck-status [part~="${name}"]`);
const states = (page) => page.locator('claimcheck-status .card').evaluateAll((cards) =>
  cards.map((card) => card.dataset.state));

// All that can be read of the order; the text of what is around it ends at its shadow root.
const textOf = (page) => page.locator('claimcheck-status .order').innerText();

// Pays an order whose videos end only when the test says so: their generator's ids.
async function slowly(shop, id, quantity) {
  await shop.sandbox.faults(never);
  await shop.sandbox.pay(id);
  const { files } = await shop.statusWhen(id, (seen) =>
    seen.files.filter((file) => file.fileId).length === quantity);
  await shop.sandbox.clearFaults();
  return files.map((file) => file.fileId);
}

// How far everything has moved since the page was opened, as browsers count it.
const shifted = async (page) => (await page.evaluate('shifts')).reduce((sum, one) => sum + one, 0);

module.exports = { fails, languages, never, part, phone, shifted, slowly, states, textOf,
  visit };
