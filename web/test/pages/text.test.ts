import { expect, test } from "vitest";
import { en } from "../../src/text/en";
import { ru } from "../../src/text/ru";

test("counted words follow the plural rules of their language", () => {
  const kept = (n: number) => ru.document.chip.offlineKept(n);
  expect([1, 2, 5, 11, 21, 22].map(kept)).toEqual([
    "Нет связи, 1 изменение сохранено здесь",
    "Нет связи, 2 изменения сохранены здесь",
    "Нет связи, 5 изменений сохранено здесь",
    "Нет связи, 11 изменений сохранено здесь",
    "Нет связи, 21 изменение сохранено здесь",
    "Нет связи, 22 изменения сохранены здесь",
  ]);
  expect([1, 3].map(en.document.chip.offlineKept)).toEqual([
    "Offline, 1 change kept here",
    "Offline, 3 changes kept here",
  ]);
});

/** Of formats and their files: the same in every language. */
const NAMES = [
  ...["docx", "pdf", "md", "json", "akn"].map((format) => `papers.formats.${format}`),
  ...["docx", "pdf", "html", "md", "txt"].map((format) => `papers.formatHints.${format}`),
];

test("nothing was left in English in the Russian text", () => {
  const same = (a: object, b: object, path = ""): string[] =>
    Object.entries(a).flatMap(([key, value]) => {
      const other = (b as Record<string, unknown>)[key];
      if (typeof value === "object") return same(value, other as object, `${path}${key}.`);
      return typeof value === "string" && value === other ? [`${path}${key}`] : [];
    });
  expect(same(en, ru)).toEqual(["product", ...NAMES]);
});
