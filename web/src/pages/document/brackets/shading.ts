/** Brackets in the text as it is written: an edit draws anew only the paragraphs that look otherwise after it. */
import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { type Lint, Reader, type Reading, type Register } from "../../../brackets";
import { attributesOf, markOf } from "../../../editor/schema";
import { type Dress, type Picture, Pictures } from "./picture";

interface Shaded {
  readonly reading: Reading;
  readonly set: DecorationSet;
  readonly drawn: readonly Drawn[];
}
interface Drawn {
  readonly node: Node;
  readonly picture: Picture;
}
const KEY = new PluginKey<Shaded>("brackets");
const NONE: ReadonlySet<string> = new Set();
const OPENINGS = /[[［]/g;

export interface ShadingOptions {
  readonly register: Register;
  /** The delegation whose brackets stand out. */
  readonly mine: string | null;
  /** Where a lint was pressed. */
  onLint(lint: Lint): void;
}

export class Shading {
  /** Ids of all `[`, in the order of the text, and which of them stand out; set by the page at its own pace. */
  private ids: readonly string[] = [];
  private own: ReadonlySet<string> = NONE;
  private current: string | null = null;
  private readonly openings = new WeakMap<Node, ReadonlyMap<number, number>>();
  private readonly reader: Reader;
  private readonly pictures = new Pictures();
  /** While an input method composes, the text around it must not be drawn anew. */
  private composing = false;

  constructor(private readonly options: ShadingOptions) {
    this.reader = new Reader((key) => textOf(key as Node), options.register);
  }

  plugin(): Plugin {
    return new Plugin<Shaded>({
      key: KEY,
      state: {
        init: (_, { doc }) => this.draw(doc, null, null),
        apply: (tr, shaded) => this.apply(tr, shaded),
      },
      props: {
        decorations: (state) => KEY.getState(state)?.set,
        handleClick: (view, position) => {
          const lint = lintAt(view.state, position);
          if (lint !== null) this.options.onLint(lint);
          return false;
        },
        handleDOMEvents: {
          compositionstart: () => {
            this.composing = true;
            return false;
          },
          compositionend: (view) => {
            this.composing = false;
            setTimeout(() => view.dispatch(view.state.tr.setMeta(KEY, true)));
            return false;
          },
        },
      },
    });
  }

  reading(state: EditorState): Reading | null {
    return KEY.getState(state)?.reading ?? null;
  }

  /** For `view.dispatch`: what the page knows of the brackets. */
  dress(tr: Transaction, ids: readonly string[], own: ReadonlySet<string>, current: string | null): Transaction {
    [this.ids, this.own, this.current] = [ids, own, current];
    this.pictures.forget();
    return tr.setMeta(KEY, true).setMeta("addToHistory", false);
  }

  /** The places of each `[` among all in the text; brackets have the ids that stand there. */
  ordinals(doc: Node, { brackets }: Reading): number[] {
    const before: number[] = [];
    let count = 0;
    doc.forEach((node) => {
      before.push(count);
      count += this.openingsOf(node).size;
    });
    return brackets.map(
      ({ first, start }) => (before[first] ?? 0) + (this.openingsOf(doc.child(first)).get(start) ?? 0),
    );
  }

  /** The places of each `[` of a paragraph, and how many stand before it. */
  private openingsOf(node: Node): ReadonlyMap<number, number> {
    let found = this.openings.get(node);
    if (found === undefined) {
      found = new Map(Array.from(node.textContent.matchAll(OPENINGS), ({ index }, count) => [index, count]));
      this.openings.set(node, found);
    }
    return found;
  }

  private apply(tr: Transaction, shaded: Shaded): Shaded {
    if (!tr.docChanged && tr.getMeta(KEY) === undefined) return shaded;
    if (this.composing) return { ...shaded, set: shaded.set.map(tr.mapping, tr.doc), drawn: [] };
    return this.draw(tr.doc, shaded, tr);
  }

  private draw(doc: Node, before: Shaded | null, tr: Transaction | null): Shaded {
    const paragraphs = doc.children.map((node) => {
      const { kind, level } = attributesOf(node);
      return { id: "", kind, level, key: node };
    });
    const reading = this.reader.read(paragraphs, NONE);
    const lengths = doc.children.map((node) => node.content.size);
    const drawn = this.pictures
      .draw(reading, doc.children, lengths, this.dressOf(doc, reading))
      .map((picture, index): Drawn => ({ node: doc.child(index), picture }));
    if (before === null || tr === null || before.drawn.length === 0)
      return { reading, drawn, set: DecorationSet.create(doc, decorations(doc, drawn, 0, drawn.length)) };
    return { reading, drawn, set: patched(before.set.map(tr.mapping, doc), doc, before.drawn, drawn) };
  }

  private dressOf(doc: Node, reading: Reading): Dress {
    const { mine } = this.options;
    const named = (index: number) => reading.brackets[index]?.attribution.some(({ delegation }) => delegation === mine);
    let ordinals: readonly number[] | undefined; // counted for those that are drawn anew only
    const idOf = (index: number) => {
      if (this.own.size === 0 && this.current === null) return "";
      ordinals ??= this.ordinals(doc, reading);
      return this.ids[ordinals[index] ?? -1] ?? "";
    };
    return {
      own: (index) => (mine !== null && named(index) === true) || this.own.has(idOf(index)),
      current: (index) => this.current !== null && idOf(index) === this.current,
    };
  }
}

/** Decorations that hold from before, but between the first and the last paragraph that looks otherwise. */
function patched(set: DecorationSet, doc: Node, before: readonly Drawn[], now: readonly Drawn[]): DecorationSet {
  const common = Math.min(before.length, now.length);
  let from = 0;
  while (from < common && same(before[from] as Drawn, now[from] as Drawn)) from++;
  let end = 0;
  while (end < common - from && same(before.at(-1 - end) as Drawn, now.at(-1 - end) as Drawn)) end++;
  const to = now.length - end;
  let [start, stop] = [0, doc.content.size];
  for (let index = 0; index < from; index++) start += doc.child(index).nodeSize;
  for (let index = to; index < now.length; index++) stop -= doc.child(index).nodeSize;
  if (start > stop) return set;
  return set.remove(set.find(start, stop)).add(doc, decorations(doc, now, from, to));
}

const same = (one: Drawn, other: Drawn): boolean =>
  one.node === other.node && (one.picture === other.picture || alike(one.picture, other.picture));

const alike = (one: Picture, other: Picture): boolean =>
  one.length === other.length &&
  one.every((stretch, index) => {
    const { from, to, look } = other[index] ?? stretch;
    return stretch.from === from && stretch.to === to && stretch.look === look;
  });

function decorations(doc: Node, drawn: readonly Drawn[], from: number, to: number): Decoration[] {
  const out: Decoration[] = [];
  let position = 0;
  doc.forEach((node, _, index) => {
    if (index >= from && index < to)
      for (const stretch of drawn[index]?.picture ?? [])
        out.push(Decoration.inline(position + 1 + stretch.from, position + 1 + stretch.to, { class: stretch.look }));
    position += node.nodeSize;
  });
  return out;
}

/** What is read of a paragraph: its text, and what of it is struck. */
export function textOf(node: Node): { text: string; struck: [number, number][] } {
  const struck: [number, number][] = [];
  node.forEach((child, offset) => {
    if (markOf("strike").isInSet(child.marks)) struck.push([offset, offset + child.nodeSize]);
  });
  return { text: node.textContent, struck };
}

/** The lint at a position in the text, its edges included. */
export function lintAt(state: EditorState, position: number): Lint | null {
  const $at = state.doc.resolve(position);
  const [paragraph, offset] = [$at.index(0), $at.parentOffset];
  const lints = KEY.getState(state)?.reading.lints ?? [];
  return lints.find((lint) => lint.paragraph === paragraph && offset >= lint.start && offset <= lint.end) ?? null;
}
