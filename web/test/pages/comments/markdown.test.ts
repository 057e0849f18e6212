import { describe, expect, test } from "vitest";
import { type Span, safeAddress, spans } from "../../../src/pages/document/comments/markdown";
import { Random } from "../../random";

const CODES = new Set(["KAZ", "IND", "AOSIS", "R&D", "EU"]);

/** Spans in short: strong `{b:…}`, emphasis `{i:…}`, link `{a:…→…}`, mention `{@…}`. */
function shown(body: string): string {
  const dress = ({ text, strong, em, href, mention }: Span) => {
    let out = mention ? `{@${mention}}` : href ? `{a:${text}→${href}}` : text;
    if (em) out = `{i:${out}}`;
    return strong ? `{b:${out}}` : out;
  };
  return spans(body, CODES).map(dress).join("");
}

test.each([
  ["plain", "plain"],
  ["**shall** be *kept*", "{b:shall} be {i:kept}"],
  ["_so_ be it", "{i:so} be it"],
  ["**a *b* c**", "{b:a }{b:{i:b}}{b: c}"],
  ["snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"],
  ["**never closed", "**never closed"],
  ["* one\n* two", "* one\n* two"],
  ["****", "****"],
  ["*a **b* c**", "{i:a **b} c**"],
  ["слово _важно_, да", "слово {i:важно}, да"],
])("emphasis: %j", (body, wanted) => expect(shown(body)).toBe(wanted));

test.each([
  ["[the text](https://un.org/a)", "{a:the text→https://un.org/a}"],
  ["see https://un.org/a.", "see {a:https://un.org/a→https://un.org/a}."],
  ["(https://un.org/a)", "({a:https://un.org/a→https://un.org/a})"],
  ["[write](mailto:a@un.org)", "{a:write→mailto:a@un.org}"],
  ["**[x](https://un.org)**", "{b:{a:x→https://un.org/}}"],
  ["[no](javascript:alert(1))", "[no](javascript:alert(1))"],
  ["[no](JaVaScRiPt:alert`1`)", "[no](JaVaScRiPt:alert`1`)"],
  ["[no](data:text/html,x)", "[no](data:text/html,x)"],
  ["[no](//evil.example)", "[no](//evil.example)"],
  ["[no](/api/session)", "[no](/api/session)"],
  ["[x](https://un.org@evil.example)", "[x](https://un.org@evil.example)"],
  ["![i](https://un.org/i.png)", "!{a:i→https://un.org/i.png}"],
  ["<b>bold</b> &amp; <script>alert(1)</script>", "<b>bold</b> &amp; <script>alert(1)</script>"],
])("links: %j", (body, wanted) => expect(shown(body)).toBe(wanted));

test.each([
  ["@KAZ and @IND: please", "{@KAZ} and {@IND}: please"],
  ["@KAZ.", "{@KAZ}."],
  ["@R&D, @EU- and @EU-wide", "{@R&D}, {@EU}- and @EU-wide"],
  ["@KAZAKH @nobody a@KAZ", "@KAZAKH @nobody a@KAZ"],
  ["**@AOSIS**", "{b:{@AOSIS}}"],
])("mentions: %j", (body, wanted) => expect(shown(body)).toBe(wanted));

test("no word is lost or made: the spans of a text are the text, without the marks that dress it", () => {
  const pieces = ["**", "*", "_", "[", "](", ")", "https://un.org", "@KAZ", " ", "word", "\n", "é", "😀"];
  const chance = new Random(3);
  for (let round = 0; round < 500; round++) {
    const body = Array.from({ length: 12 }, () => chance.pick(pieces)).join("");
    const text = spans(body, CODES)
      .map((span) => span.text)
      .join("");
    let at = 0;
    for (const char of text) {
      const found = body.indexOf(char, at);
      if (found < 0) throw new Error(`${JSON.stringify(body)} became ${JSON.stringify(text)}`);
      at = found + char.length;
    }
    expect(spans(body, CODES).every(({ href }) => href === undefined || safeAddress(href) === href)).toBe(true);
  }
});

describe("no text makes it slow", () => {
  test.each([
    ["**a ", 10_000],
    ["[", 10_000],
    ["[a](", 3_000],
    ["_a*b", 3_000],
    ["https://", 1_500],
    ["@KAZ", 2_500],
  ])("%j repeated", (piece, times) => {
    const began = performance.now();
    spans(piece.repeat(times), CODES);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
