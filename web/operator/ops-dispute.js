// The bank's objection to an order's payment, and what answers it: by the fields of Stripe's form,
// each to be copied.
import { copy, money } from './ops-dom.js';
import { element } from '../shared/dom.js';
import { moment } from './ops-time.js';

const fieldWords = {
  product_description: 'Product description', service_date: 'Service date',
  access_activity_log: 'Access activity log', customer_email_address: 'Customer e-mail',
  uncategorized_text: 'Additional information',
};

function evidenceField({ field, text }) {
  const shown = element('pre', { tabindex: '0' }, text);
  const title = element('h3', {}, fieldWords[field] || field);
  return element('div.evidence', {}, element('div.head', {}, title,
    element('button.plain.small', {
      type: 'button', onclick: (event) => copy(shown, event.target) }, 'Copy')), shown);
}

export function disputeOf({ order: { dispute }, evidence }) {
  if (!dispute) return null;
  const fact = (name, ...value) => element('div', {}, element('dt', {}, name),
    element('dd', {}, ...value));
  return element('section.card.dispute', {}, element('h2', {}, 'Disputed by the bank'),
    element('dl.facts', {},
      fact('Amount', money(dispute.amount, dispute.currency)),
      fact('Reason', dispute.reason.replaceAll('_', ' ')),
      fact('Status', dispute.status.replaceAll('_', ' ')),
      fact('Since', moment(dispute.created)),
      fact('Answer due', dispute.needsAnswer ? moment(dispute.answerBy) : '–')),
    ...evidence.map(evidenceField));
}
