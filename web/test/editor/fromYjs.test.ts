// @vitest-environment node
import { expect, test, vi } from "vitest";
import * as Y from "yjs";
import { type Delta, quickDelta, render } from "../../src/editor/fromYjs";
import { Random } from "../random";
import { base, Client, OTHERS } from "./client";

test("property: the quick delta is the one that Yjs computes", () => {
  for (let seed = 0; seed < 80; seed++) {
    const random = new Random(seed);
    const docs = [2, 3].map((client) => {
      const doc = new Y.Doc();
      doc.clientID = client;
      Y.applyUpdate(doc, base("Alpha", "Beta", "Gamma"));
      return doc;
    }) as [Y.Doc, Y.Doc];
    for (const doc of docs) doc.getText("text").format(2, 3, { em: true });
    const seen = new Y.Doc();
    Y.applyUpdate(seen, Y.encodeStateAsUpdate(docs[0]));
    let event: Y.YTextEvent | null = null;
    seen.getText("text").observe((each) => {
      event = each;
    });
    seen.on("afterTransaction", (transaction) => {
      if (event === null) return;
      const quick = quickDelta(seen.getText("text"), transaction);
      if (quick !== null) expect(squeezed(quick)).toEqual(squeezed(event.delta as Delta));
      event = null;
    });
    for (let i = 0; i < 10; i++) {
      const doc = random.pick(docs);
      const text = doc.getText("text");
      const at = 1 + random.below(text.length);
      doc.transact(() => {
        if (random.chance(0.6)) text.insert(at, random.pick(["x", "\n", "yz\nw"]), {});
        if (random.chance(0.5) && at < text.length) text.delete(at, Math.min(2, text.length - at));
      });
      if (random.chance(0.5)) Y.applyUpdate(seen, Y.encodeStateAsUpdate(doc));
    }
  }
});

/** Neighbouring operations of one kind as one, and no empty attributes. */
function squeezed(delta: Delta): unknown[] {
  const out: { kind: string; value: string | number; attributes: string }[] = [];
  for (const op of delta) {
    const kind = op.insert !== undefined ? "insert" : op.delete !== undefined ? "delete" : "retain";
    const value = (op.insert ?? op.delete ?? op.retain) as string | number;
    const set = Object.entries(op.attributes ?? {}).filter(([, each]) => each !== null);
    const attributes = JSON.stringify(Object.fromEntries(set));
    const last = out.at(-1);
    if (last?.kind === kind && last.attributes === attributes) {
      last.value = typeof value === "string" ? `${last.value}${value}` : (last.value as number) + value;
    } else out.push({ kind, value, attributes });
  }
  return out;
}

test("what others write touches no paragraph but its own: the rest are the very same nodes", () => {
  const client = new Client(2, base("Alpha", "Beta", "Gamma", "Delta"));
  const before = client.state.doc;
  const there = new Client(3, base("Alpha", "Beta", "Gamma", "Delta"));
  there.binding.text.insert(9, "x", {});
  there.binding.text.insert(12, "\nNew", {});
  there.binding.map.set("1-17", { kind: "heading" });
  for (const update of there.out) client.receive(update);
  const { doc } = client.state;
  expect(doc.child(0)).toBe(before.child(0));
  expect(doc.child(3)).toBe(before.child(2));
  expect(doc.child(4).attrs.kind).toBe("heading");
  expect([doc.child(1).textContent, doc.child(2).textContent]).toEqual(["Bexta", "New"]);
});

test("formatting, keys and values that are not ours mean nothing and break nothing", () => {
  const client = new Client(2, base("Alpha", "Beta"));
  const strange = new Y.Doc();
  strange.clientID = 9;
  Y.applyUpdate(strange, base("Alpha", "Beta"));
  const text = strange.getText("text");
  text.format(0, 3, { strong: true, color: "red", em: "yes" });
  text.insert(8, "z", { link: { href: "x" } });
  strange.getMap("paragraphs").set("nonsense", 5);
  strange.getMap("paragraphs").set("1-6", { kind: "no such kind", level: -1 });
  Y.applyUpdate(client.doc, Y.encodeStateAsUpdate(strange), OTHERS);
  expect(client.mismatches).toBe(0);
  expect(client.state.doc.toString()).toBe('doc(paragraph(strong("Al"), "pha"), paragraph("Bzeta"))');
  expect(render(text, strange.getMap("paragraphs")).eq(client.state.doc)).toBe(true);
});

test("a page that shows something else than the text is drawn again, and only where they differ", () => {
  const client = new Client(2, base("Alpha", "Beta", "Gamma"));
  const wrong = client.state.apply(client.state.tr.insertText("wrong", 9));
  const untouched = client.state.doc.child(2);
  client.updateState(wrong);
  const loud = vi.spyOn(console, "error").mockReturnValue();
  client.binding.verify();
  expect(loud).toHaveBeenCalledOnce();
  loud.mockRestore();
  expect(client.binding.repairs).toBe(1);
  expect(client.state.doc.child(1).textContent).toBe("Beta");
  expect(client.state.doc.child(2)).toBe(untouched);
});

test("a keystroke on a page that differs from the text is not written to a wrong place", () => {
  const client = new Client(2, base("Alpha", "Beta"));
  client.updateState(client.state.apply(client.state.tr.insertText("wrong", 1)));
  const loud = vi.spyOn(console, "error").mockReturnValue();
  client.dispatch(client.state.tr.insertText("x", 14));
  loud.mockRestore();
  expect(client.text).toBe("\nAlpha\nBeta");
  expect(client.state.doc.textContent).toBe("AlphaBeta");
});
