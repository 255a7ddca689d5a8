// The page's five languages: which one to take, its texts (loaded when they are needed), and money
// and dates as people of that language write them.
import { money } from '../shared/money.js';

const languages = ['en', 'ru', 'tr', 'es', 'hi'];

// The first wish that we speak, by its base: pt-BR is pt. English when there is none.
export function chooseLanguage(...wishes) {
  const bases = wishes.map((wish) => String(wish || '').toLowerCase().split('-')[0]);
  return bases.find((base) => languages.includes(base)) || 'en';
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
