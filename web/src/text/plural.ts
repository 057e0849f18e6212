/** Counted words by the plural rules of a language; `#` in a form stands for the number, written as that language does. */
export function pluralOf<Form extends Intl.LDMLPluralRule>(language: string) {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (count: number, forms: Record<Form | "other", string>): string => {
    const form = rules.select(count) as Form | "other";
    return (forms[form] ?? forms.other).replace("#", numbers.format(count));
  };
}
