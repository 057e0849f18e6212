/** How brackets look in the text, and that an edit draws anew what it changed and nothing else. */
import { EditorState, type Transaction } from "prosemirror-state";
import type { DecorationSet } from "prosemirror-view";
import { describe, expect, test } from "vitest";
import { Register, read } from "../../src/brackets";
import { paragraph, schema } from "../../src/editor/schema";
import { type Dress, Pictures } from "../../src/pages/document/brackets/picture";
import { lintAt, Shading } from "../../src/pages/document/brackets/shading";
import { Random } from "../random";
import { paragraphs } from "./texts";

const REGISTER = new Register([["KAZ", "Kazakhstan"]]);
const PLAIN: Dress = { own: () => false, current: () => false };

function looks(text: string, dress: Dress = PLAIN): string[][] {
  const written = paragraphs(text);
  const reading = read(written, REGISTER);
  const lengths = written.map((each) => each.text.length);
  return new Pictures()
    .draw(reading, written, lengths, dress)
    .map((picture, index) => picture.map(({ from, to, look }) => `${written[index]?.text.slice(from, to)}: ${look}`));
}

describe("each stretch has the look of its depth", () => {
  test("nested", () => {
    expect(looks("a [b [c] d] e")).toEqual([
      [
        "[: bracket bracket-1 bracket-mark",
        "b : bracket bracket-1",
        "[: bracket bracket-2 bracket-mark",
        "c: bracket bracket-2",
        "]: bracket bracket-2 bracket-mark",
        " d: bracket bracket-1",
        "]: bracket bracket-1 bracket-mark",
      ],
    ]);
  });
  test("over several paragraphs", () => {
    expect(looks("a [b\n\nc\n\nd] e").map((stretches) => stretches.join(" | "))).toEqual([
      "[: bracket bracket-1 bracket-mark | b: bracket bracket-1",
      "c: bracket bracket-1",
      "d: bracket bracket-1 | ]: bracket bracket-1 bracket-mark",
    ]);
  });
  test("ten thousand nested ones are a few stretches", () => {
    expect(looks("[".repeat(10_000) + "x".concat("]".repeat(10_000)))[0]?.length).toBeLessThan(20);
  });
  test("one's own, and the one that is marked", () => {
    const dress = { own: (index: number) => index === 1, current: (index: number) => index === 0 };
    expect(looks("[a] [b]", dress)[0]?.filter((look) => /[ab]:/.test(look))).toEqual([
      "a: bracket bracket-1 bracket-current",
      "b: bracket bracket-1 bracket-own",
    ]);
  });
  test("the words that say who it is from are a tag, and what is amiss is underlined", () => {
    expect(looks("[KAZ: a] b]")[0]?.slice(-2)).toEqual([
      expect.stringMatching(/^KAZ: : bracket-party hue-\d+$/),
      "]: lint lint-stray_close",
    ]);
  });
});

function shown(state: EditorState): string[] {
  const set = state.plugins[0]?.props.decorations?.call(state.plugins[0], state) as DecorationSet;
  return set
    .find()
    .map((decoration) => {
      const { class: look } = (decoration as unknown as { type: { attrs: { class: string } } }).type.attrs;
      return `${decoration.from}-${decoration.to} ${look}`;
    })
    .sort();
}

const fresh = () => new Shading({ register: REGISTER, mine: "KAZ", onLint: () => undefined });
const stateOf = (lines: readonly string[]) =>
  EditorState.create({
    doc: schema.node(
      "doc",
      null,
      lines.map((line) => paragraph({ kind: "body", level: 1, label: null }, line)),
    ),
    plugins: [fresh().plugin()],
  });

test.each(Array.from({ length: 10 }, (_, seed) => seed))(
  "after many edits all is drawn as if from scratch, seed %i",
  (seed) => {
    const random = new Random(seed);
    let state = stateOf(["One [a] two.", "[Three", "four] five.", "[KAZ: six]"]);
    for (let edit = 0; edit < 80; edit++) {
      state = state.apply(someEdit(random, state));
      const again = EditorState.create({ doc: state.doc, plugins: [fresh().plugin()] });
      expect(shown(state)).toEqual(shown(again));
    }
  },
);

function someEdit(random: Random, { tr, doc }: EditorState): Transaction {
  const places: number[] = [];
  doc.descendants((node, position) => {
    if (node.isTextblock) for (let at = 0; at <= node.content.size; at++) places.push(position + 1 + at);
  });
  const at = random.pick(places);
  switch (random.below(4)) {
    case 0:
      return tr.split(at);
    case 1: {
      const to = Math.min(at + 1 + random.below(6), doc.content.size - 1);
      return tr.delete(at, to);
    }
    default:
      return tr.insertText(random.pick(["[", "]", "x", "[y]", "KAZ: ", "😀"]), at);
  }
}

test("the lint at the caret is found, at both of its edges", () => {
  const state = stateOf(["One", "[two"]);
  expect([6, 7].map((position) => lintAt(state, position)?.code)).toEqual(["UNCLOSED", "UNCLOSED"]);
  expect(lintAt(state, 9)).toBe(null);
});
