import { computed, effect, signal } from "@preact/signals";
import { en, type Text } from "./en";
import { ru } from "./ru";

const texts = { en, ru } satisfies Record<string, Text>;

export type Language = keyof typeof texts;
export const languages = Object.keys(texts) as Language[];

const KEY = "rollingtext.language";

/** The language that was chosen here before, else the first of the browser's that we have. */
function preferred(): Language {
  for (const tag of [localStorage.getItem(KEY), ...navigator.languages]) {
    const known = languages.find((one) => one === tag?.slice(0, 2));
    if (known) return known;
  }
  return "en";
}

export const language = signal<Language>(preferred());

const current = computed(() => texts[language.value]);

/** The strings of the language chosen; a component that calls it renders anew when that changes. */
export function t(): Text {
  return current.value;
}

export function nameOfLanguage(tag: Language): string {
  return texts[tag].languageName;
}

export function chooseLanguage(tag: Language): void {
  localStorage.setItem(KEY, tag);
  language.value = tag;
}

effect(() => {
  document.documentElement.lang = language.value;
});

// Day before month, and hours to 24: as in the papers of international organisations.
const locales: Record<Language, string> = { en: "en-GB", ru: "ru" };

const formatsOf = (locale: string) => ({
  time: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  day: new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }),
  moment: new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }),
  list: new Intl.ListFormat(locale, { type: "conjunction" }),
  part: new Intl.NumberFormat(locale, { style: "percent" }),
});

const formats = computed(() => formatsOf(locales[language.value]));

export const clockTime = (at: Date): string => formats.value.time.format(at);
export const day = (at: string): string => formats.value.day.format(new Date(at));
export const moment = (at: string): string => formats.value.moment.format(new Date(at));
/** Of a whole, from 0 to 1. */
export const part = (of: number): string => formats.value.part.format(of);
export const listed = (items: readonly string[]): string => formats.value.list.format(items);
