// @vitest-environment node
import { Fragment, Slice } from "prosemirror-model";
import { ReplaceStep } from "prosemirror-transform";
import { describe, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { firstItem } from "../../src/editor/ids";
import { attributes, MARKS, markOf, paragraph, schema, written } from "../../src/editor/schema";
import { cells, flatLength, flatOffset, locate, positionOf } from "../../src/editor/units";
import { Random } from "../random";
import { base, Client, OTHERS } from "./client";

/** The living characters with their ids. */
function characters(text: Y.Text): [id: string, char: string][] {
  const out: [string, string][] = [];
  for (let item = firstItem(text); item !== null; item = item.right)
    if (!item.deleted && item.content instanceof Y.ContentString)
      [...item.content.str.split("")].forEach((char, i) => {
        out.push([`${item.id.client}-${item.id.clock + i}`, char]);
      });
  return out;
}
const body = (text: string) => paragraph({ kind: "body", level: 1, label: null }, text);
/** Replaces a range by paragraphs, open at both ends. */
const replace = (client: Client, from: number, to: number, ...texts: string[]) =>
  client.dispatch(
    client.state.tr.step(new ReplaceStep(from, to, new Slice(Fragment.fromArray(texts.map(body)), 1, 1))),
  );

describe("positions", () => {
  test("flat offset = position − index of the paragraph, and back", () => {
    const { state } = new Client(2, base("Alpha", "", "b"));
    const offsets: [number, number][] = [];
    state.doc.descendants((node, position) => {
      if (!node.isTextblock) return;
      for (let i = 0; i <= node.content.size; i++)
        offsets.push([position + 1 + i, flatOffset(state.doc, position + 1 + i)]);
    });
    expect(offsets.map(([, offset]) => offset)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const [position, offset] of offsets) expect(locate(state.doc, offset).position).toBe(position);
    expect(flatLength(state.doc)).toBe(9);
    expect(() => locate(state.doc, 0)).toThrow(RangeError);
    expect(() => locate(state.doc, 10)).toThrow(RangeError);
  });
});

describe("what is kept keeps its id", () => {
  test("of a replaced piece of text only what differs is written", () => {
    const client = new Client(2, base("The Parties shall cooperate"));
    const before = characters(client.binding.text);
    replace(client, 1, 28, "The Parties should cooperate");
    const after = characters(client.binding.text);
    expect(client.text).toBe("\nThe Parties should cooperate");
    expect(after.filter(([id]) => id.startsWith("2-")).length).toBeLessThanOrEqual(4);
    expect(after.slice(0, 15)).toEqual(before.slice(0, 15));
    expect(after.slice(-10)).toEqual(before.slice(-10));
  });

  test('T2: paragraphs replaced by as many keep each its "\\n"', () => {
    const client = new Client(2, base("Alpha", "Beta", "Gamma"));
    const ids = client.binding.ids.all();
    client.dispatch(client.state.tr.setNodeMarkup(7, null, { kind: "item", level: 2, label: null }));
    expect(client.binding.ids.all()).toEqual(ids);
    expect(client.binding.map.get(ids[1] as string)).toEqual({ kind: "item", level: 2 });
  });

  test("a change of marks alone writes no character", () => {
    const client = new Client(2, base("Alpha"));
    const before = characters(client.binding.text);
    const bold = schema.text("lph", [markOf("strong")]);
    client.dispatch(client.state.tr.replaceWith(2, 5, bold));
    expect(characters(client.binding.text)).toEqual(before);
    expect(client.binding.text.toDelta()).toContainEqual({ insert: "lph", attributes: { strong: true } });
  });
});

describe("T1", () => {
  test('the first "\\n" stays, and nothing comes before it', () => {
    const client = new Client(2, base("Alpha", "Beta"));
    const first = () => characters(client.binding.text)[0];
    client.dispatch(client.state.tr.insert(0, body("Above")));
    expect([client.text, first()]).toEqual(["\nAbove\nAlpha\nBeta", ["1-0", "\n"]]);
    client.dispatch(client.state.tr.delete(0, 7));
    expect([client.text, first()]).toEqual(["\nAlpha\nBeta", ["1-0", "\n"]]);
    client.dispatch(client.state.tr.delete(0, client.state.doc.content.size));
    expect([client.text, first()]).toEqual(["\n", ["1-0", "\n"]]);
    client.dispatch(client.state.tr.replaceWith(0, 2, [body("New"), body("text")]));
    expect([client.text, first()]).toEqual(["\nNew\ntext", ["1-0", "\n"]]);
    expect(client.mismatches).toBe(0);
  });

  test("attributes stand in the map alone, as one object without defaults", () => {
    const client = new Client(2, base("Alpha", "Beta"));
    client.dispatch(client.state.tr.setNodeAttribute(7, "kind", "operative").setNodeAttribute(7, "label", "OP3 bis"));
    expect(client.binding.map.toJSON()).toEqual({ "1-6": { kind: "operative", label: "OP3 bis" } });
    expect(client.binding.text.toDelta()).toEqual([{ insert: "\nAlpha\nBeta" }]);
    expect(written({ kind: "body", level: 1, label: null })).toEqual({});
  });

  test.each([
    undefined,
    null,
    7,
    "x",
    [],
    { kind: "chapter" },
    { level: 0 },
    { level: 1.5 },
    { level: "2" },
    { label: 3 },
    { label: "" },
  ])("what another client put into the map, %j, is read as defaults", (value) => {
    expect(attributes(value)).toEqual({ kind: "body", level: 1, label: null });
  });

  test("a line end within a paragraph becomes a space, in the text as on the page", () => {
    const client = new Client(2, base("Alpha"));
    client.dispatch(client.state.tr.insertText("a\nb\rc\u2028d", 3));
    expect(client.text).toBe("\nAla b c dpha");
    expect(client.state.doc.childCount).toBe(1);
    expect(client.mismatches).toBe(0);
  });

  test("the marks of the other class are never written: none on a paragraph's beginning", () => {
    const client = new Client(2, base("Alpha", "Beta"));
    replace(client, 3, 3, "x", "y");
    expect(client.binding.text.toDelta()).toEqual([{ insert: "\nAlx\nypha\nBeta" }]);
  });
});

describe("surrogate pairs", () => {
  test.each([
    ["its first half", 3, 4, ""],
    ["its second half", 4, 5, ""],
    ["an insertion into it", 4, 4, "x"],
    ["from within one to within the next", 4, 6, ""],
  ])("are never cut: %s", (_, from, to, text) => {
    const client = new Client(2, base("ab😀😁cd"));
    const there = new Client(3, base("ab😀😁cd"));
    const { tr } = client.state;
    client.dispatch(text === "" ? tr.delete(from, to) : tr.insertText(text, from, to));
    for (const update of client.out) there.receive(update);
    expect(there.text).toBe(client.text);
    expect(client.text).not.toMatch(/\p{Surrogate}/u);
    expect(client.text.startsWith("\nab") && client.text.endsWith("cd")).toBe(true);
    expect([client.mismatches, there.mismatches]).toEqual([0, 0]);
  });

  test("that are replaced by one that shares a half go as a whole", () => {
    const client = new Client(2, base("ab😀cd"));
    client.dispatch(client.state.tr.insertText("😁", 3, 5));
    const whole = characters(client.binding.text).filter(([id]) => id.startsWith("2-"));
    expect(whole.map(([, char]) => char).join("")).toBe("😁");
  });

  test("half a pair that a keyboard sends becomes U+FFFD, in the text as on the page", () => {
    const client = new Client(2, base("Alpha"));
    client.dispatch(client.state.tr.insertText("\ud83d", 3));
    expect(client.text).toBe("\nAl\ufffdpha");
    expect(client.state.doc.textContent).toBe("Al\ufffdpha");
  });

  test("marks over half a pair are not taken", () => {
    const client = new Client(2, base("a😀b"));
    const { doc } = client.state;
    client.dispatch(client.state.tr.addMark(2, 3, markOf("em")));
    expect(client.state.doc).toBe(doc);
  });
});

test("bold over everything is one change of the text, however many paragraphs it has", () => {
  const client = new Client(2, base(...Array.from({ length: 50 }, (_, i) => `Paragraph ${i}`), "", "last"));
  const format = vi.spyOn(client.binding.text, "format");
  client.dispatch(client.state.tr.addMark(1, client.state.doc.content.size - 1, markOf("strong")));
  expect(format).toHaveBeenCalledTimes(1);
  expect(client.mismatches).toBe(0);
});

test("cells are code points, and paragraphs begin with their newline", () => {
  const { state } = new Client(2, base("a😀", "b"));
  expect(cells(state.doc, 0, state.doc.content.size).map(({ char }) => char)).toEqual(["\n", "a", "😀", "\n", "b"]);
});

test("property: any replacement of any range by anything leaves text and page equal, here and there", () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = new Random(seed);
    const word = () =>
      Array.from({ length: random.below(4) }, () => random.pick(["a", "b", "😀", "é", "[", " "])).join("");
    const texts = Array.from({ length: 1 + random.below(4) }, word);
    const client = new Client(2, base(...texts));
    const there = new Client(3, base(...texts));
    for (let i = 0; i < 6; i++) {
      const { tr, doc } = client.state;
      const spot = () => {
        const index = random.below(doc.childCount);
        return positionOf(doc, index) + 1 + random.below(doc.child(index).content.size + 1);
      };
      const [from, to] = [spot(), spot()].sort((a, b) => a - b) as [number, number];
      const kind = random.below(4);
      if (kind === 0)
        tr.replaceWith(
          0,
          doc.content.size,
          Array.from({ length: 1 + random.below(3) }, () => body(word())),
        );
      else if (kind === 1) tr.addMark(from, to, markOf(random.pick(MARKS)));
      else
        tr.replace(
          from,
          to,
          new Slice(Fragment.fromArray(Array.from({ length: 1 + random.below(3) }, () => body(word()))), 1, 1),
        );
      client.dispatch(tr);
    }
    for (const update of client.out) Y.applyUpdate(there.doc, update, OTHERS);
    expect([seed, client.mismatches, there.mismatches, there.text, characters(there.binding.text)[0]]).toEqual([
      seed,
      0,
      0,
      client.text,
      ["1-0", "\n"],
    ]);
    expect(there.state.doc.toJSON()).toEqual(client.state.doc.toJSON());
  }
});
