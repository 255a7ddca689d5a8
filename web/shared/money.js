// An amount in the smallest unit of its currency, as people of that language write it.

// Stripe's currencies whose smallest unit is not a hundredth. Intl knows other numbers for some of
// them, so it is not asked.
const wholeOnly = ['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND',
  'VUV', 'XAF', 'XOF', 'XPF'];
const thousandths = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];

// How many of the smallest unit are one of the currency.
export const minorPerUnit = (currency) => {
  const code = String(currency).toUpperCase();
  return wholeOnly.includes(code) ? 1 : thousandths.includes(code) ? 1000 : 100;
};

// { amount: 1900, currency: 'usd' } is $19.00.
export function money({ amount, currency }, language) {
  const code = String(currency).toUpperCase();
  const digits = wholeOnly.includes(code) ? 0 : thousandths.includes(code) ? 3 : 2;
  const number = amount / 10 ** digits;
  const exact = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return new Intl.NumberFormat(language, { style: 'currency', currency: code, ...exact })
      .format(number);
  } catch {
    return `${number.toFixed(digits)} ${code}`;  // no currency that Intl would take
  }
}
