// @vitest-environment node
import { TextSelection } from "prosemirror-state";
import { describe, expect, test } from "vitest";
import { backspace, deleteSelection, enter, forwardDelete } from "../../src/editor/joining";
import { attributes, type Kind } from "../../src/editor/schema";
import { positionOf } from "../../src/editor/units";
import { base, Client } from "./client";

/** Paragraphs `kind:text`; `|` is the caret, two of them a selection. */
function given(...lines: string[]): Client {
  const parsed = lines.map((line) => {
    const [, kind, text] = /^(?:(\w+):)?(.*)$/.exec(line) as unknown as [string, Kind | undefined, string];
    return { kind, text };
  });
  const client = new Client(2, base(...parsed.map(({ text }) => text.replaceAll("|", ""))));
  const carets: number[] = [];
  parsed.forEach(({ kind, text }, index) => {
    if (kind !== undefined)
      client.binding.map.set(client.binding.ids.at(index), { kind, label: kind === "operative" ? "OP1" : "" });
    const start = positionOf(client.state.doc, index) + 1;
    [...text.matchAll(/\|/g)].forEach(({ index: at }, before) => {
      carets.push(start + at - before);
    });
  });
  const { doc, tr } = client.state;
  client.dispatch(tr.setSelection(TextSelection.create(doc, carets[0] as number, carets[1] ?? carets[0])));
  return client;
}
/** Paragraphs with their ids: those of the base are 1-0 and so on, new ones begin with 2. */
function result(client: Client): string[] {
  return client.binding.ids.all().map((id, index) => {
    const node = client.state.doc.child(index);
    const { kind, label } = attributes(client.binding.map.get(id));
    return `${id.startsWith("1-") ? id : "new"} ${kind}${label === null ? "" : ` ${label}`}: ${node.textContent}`;
  });
}

describe("Enter (T2: the first half keeps the id)", () => {
  test.each([
    ["in the middle", ["Al|pha"], ["1-0 body: Al", "new body: pha"]],
    ["at the end of a heading text goes on", ["heading:Alpha|"], ["1-0 heading: Alpha", "new body: "]],
    ["within a heading both are headings", ["heading:Al|pha"], ["1-0 heading: Al", "new heading: pha"]],
    ["a label is not given twice", ["operative:Al|pha"], ["1-0 operative OP1: Al", "new operative: pha"]],
    [
      "at the start the text keeps its id, and a new paragraph is above",
      ["A", "operative:|Beta"],
      ["1-0 body: A", "new operative: ", "1-2 operative OP1: Beta"],
    ],
    [
      "at the very start the first \\n stays, and the text takes its attributes along",
      ["operative:|Alpha"],
      ["1-0 operative: ", "new operative OP1: Alpha"],
    ],
    ["in an empty item ends the list", ["A", "item:|"], ["1-0 body: A", "1-2 body: "]],
    ["over a selection replaces it", ["Al|ph|a"], ["1-0 body: Al", "new body: a"]],
  ])("%s", (_, before, after) => {
    const client = given(...before);
    client.run(enter);
    expect(result(client)).toEqual(after);
    expect(client.mismatches).toBe(0);
  });
});

describe("Backspace and Delete (T2: joining keeps the first id; an empty paragraph gives way to the text)", () => {
  test.each([
    ["joins to the one before", backspace, ["Alpha", "item:|Beta"], ["1-0 body: AlphaBeta"]],
    [
      "an empty one before goes, and the text keeps its id and kind",
      backspace,
      ["A", "", "operative:|Beta"],
      ["1-0 body: A", "1-3 operative OP1: Beta"],
    ],
    [
      "the first \\n stays even then, with the text's kind",
      backspace,
      ["", "operative:|Beta"],
      ["1-0 operative OP1: Beta"],
    ],
    ["an empty one goes", backspace, ["Alpha", "|"], ["1-0 body: Alpha"]],
    ["nothing is before the first", backspace, ["|Alpha"], ["1-0 body: Alpha"]],
    ["joins the next one", forwardDelete, ["Alpha|", "item:Beta"], ["1-0 body: AlphaBeta"]],
    [
      "an empty one goes, and the next text keeps its id",
      forwardDelete,
      ["A", "|", "operative:Beta"],
      ["1-0 body: A", "1-3 operative OP1: Beta"],
    ],
    ["an empty next one goes", forwardDelete, ["Alpha|", ""], ["1-0 body: Alpha"]],
    ["nothing is behind the last", forwardDelete, ["Alpha|"], ["1-0 body: Alpha"]],
  ])("%s", (_, command, before, after) => {
    const client = given(...before);
    client.run(command);
    expect(result(client)).toEqual(after);
    expect(client.mismatches).toBe(0);
  });
});

describe("a selection that goes takes the \\n of the text that goes", () => {
  test.each([
    ["within a paragraph", ["A|lph|a"], ["1-0 body: Aa"]],
    ["the end of one and the start of another", ["Al|pha", "operative:Be|ta"], ["1-0 body: Alta"]],
    [
      "a whole paragraph, up to the start of the next, which keeps its id and kind",
      ["A", "|Beta", "operative:|Gamma"],
      ["1-0 body: A", "1-7 operative OP1: Gamma"],
    ],
    [
      "a whole paragraph and the start of the next",
      ["A", "|Beta", "operative:Gam|ma"],
      ["1-0 body: A", "1-7 operative OP1: ma"],
    ],
    [
      "the same at the very start: the first \\n stays, with the kind of what is left",
      ["|Alpha", "operative:Be|ta"],
      ["1-0 operative OP1: ta"],
    ],
    ["everything", ["title:|Alpha", "Beta|"], ["1-0 title: "]],
  ])("%s", (_, before, after) => {
    const client = given(...before);
    client.run(deleteSelection);
    expect(result(client)).toEqual(after);
    expect(client.mismatches).toBe(0);
  });
});
