// The page's five languages: which one to take, its texts (loaded when they are needed), and money
// and dates as people of that language write them.
const languages = ['en', 'ru', 'tr', 'es', 'hi'];

// The first wish that we speak, by its base: pt-BR is pt. English when there is none.
export function chooseLanguage(...wishes) {
  const bases = wishes.map((wish) => String(wish || '').toLowerCase().split('-')[0]);
  return bases.find((base) => languages.includes(base)) || 'en';
}

// Stripe's currencies whose smallest unit is not a hundredth. Intl knows other numbers for some of
// them, so it is not asked.
const wholeOnly = ['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND',
  'VUV', 'XAF', 'XOF', 'XPF'];
const thousandths = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];

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

export class Words {
  static async load(language) {
    const { default: texts } = await import(`./text-${language}.js`);
    return new Words(language, texts);
  }

  constructor(language, texts) {
    this.language = language;
    this.texts = texts;
    this.plurals = new Intl.PluralRules(language);
  }

  // The text of that key with its places filled in; {n} decides the plural.
  say(key, values = {}) {
    const forms = this.texts[key];
    const text = typeof forms === 'string'
      ? forms : forms[this.plurals.select(values.n)] ?? forms.other;
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  money(sum) { return money(sum, this.language); }

  date(text, dateStyle = 'long') {
    const date = new Date(text);
    const style = { dateStyle, timeStyle: 'short' };
    return Number.isNaN(date.getTime())
      ? '' : new Intl.DateTimeFormat(this.language, style).format(date);
  }
}
