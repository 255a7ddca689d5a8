// The page's five languages: which one to take, its texts (loaded when they are needed), those of
// an order of images or audio files, and money and dates as people of that language write them.
import { money } from '../shared/money.js';

const languages = ['en', 'ru', 'tr', 'es', 'hi'];

// The first wish that we speak, by its base: pt-BR is pt. English when there is none.
export function chooseLanguage(...wishes) {
  const bases = wishes.map((wish) => String(wish || '').toLowerCase().split('-')[0]);
  return bases.find((base) => languages.includes(base)) || 'en';
}

export class Words {
  static async load(language) {
    const { default: texts, kinds } = await import(`./text-${language}.js`);
    return new Words(language, texts, kinds);
  }

  constructor(language, texts, kinds = {}) {
    this.language = language;
    this.texts = texts;
    this.kinds = kinds;
    this.plurals = new Intl.PluralRules(language);
  }

  // The words for an order of that kind, a status answer's `media`; without one they are of videos,
  // and so they are for a kind that is not known here.
  of(media) {
    const own = Object.hasOwn(this.kinds, media ?? '') ? this.kinds[media] : null;
    return own ? new Words(this.language, { ...this.texts, ...own }, {}) : this;
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
