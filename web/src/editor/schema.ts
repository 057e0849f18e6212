/** The document as ProseMirror sees it: paragraphs of text with four marks, and nothing else (contract T1). */
import { type Mark, type MarkSpec, type Node, Schema, type TagParseRule } from "prosemirror-model";

export const KINDS = ["title", "heading", "preamble", "operative", "item", "body"] as const;
export type Kind = (typeof KINDS)[number];

/** A paragraph's attributes, complete; `label` null means numbered automatically. */
export interface Attributes {
  readonly kind: Kind;
  readonly level: number;
  readonly label: string | null;
}
export const DEFAULTS: Attributes = { kind: "body", level: 1, label: null };

export const MARKS = ["strong", "em", "underline", "strike"] as const;
export type MarkName = (typeof MARKS)[number];

const isKind = (value: unknown): value is Kind => (KINDS as readonly unknown[]).includes(value);
const isLevel = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value) && value >= 1;

/** Attributes from an object of the map, or from anything else that another client may have put there. */
export function attributes(value: unknown): Attributes {
  if (typeof value !== "object" || value === null) return DEFAULTS;
  const { kind, level, label } = value as Record<string, unknown>;
  return {
    kind: isKind(kind) ? kind : DEFAULTS.kind,
    level: isLevel(level) ? level : DEFAULTS.level,
    label: typeof label === "string" && label !== "" ? label : null,
  };
}

/** The object for the map: what differs from the defaults. */
export function written(attrs: Attributes): Record<string, string | number> {
  const out: Record<string, string | number> = {};
  if (attrs.kind !== DEFAULTS.kind) out.kind = attrs.kind;
  if (attrs.level !== DEFAULTS.level) out.level = attrs.level;
  if (attrs.label !== null) out.label = attrs.label;
  return out;
}

export const sameAttributes = (a: Attributes, b: Attributes) =>
  a.kind === b.kind && a.level === b.level && a.label === b.label;

export const attributesOf = (node: Node) => node.attrs as Attributes;

const mark = (tag: string, ...more: string[]): MarkSpec => ({
  parseDOM: [tag, ...more].map((each) => ({ tag: each })),
  toDOM: () => [tag, 0],
});

/** A paragraph of our own, copied: its attributes travel in `data-`. */
function pasted(dom: HTMLElement): Attributes {
  return attributes({ kind: dom.dataset.kind, level: Number(dom.dataset.level ?? 1), label: dom.dataset.label });
}

/** Tag for the clipboard: what a word processor understands. */
function clipboardTag(attrs: Attributes): string {
  if (attrs.kind === "title") return "h1";
  return attrs.kind === "heading" ? `h${Math.min(attrs.level + 1, 6)}` : "p";
}

function dataset(attrs: Attributes): Record<string, string> {
  const out: Record<string, string> = { "data-kind": attrs.kind, "data-level": String(attrs.level) };
  if (attrs.label !== null) out["data-label"] = attrs.label;
  return out;
}

const headings: TagParseRule[] = [1, 2, 3, 4, 5, 6].map((level) => ({
  tag: `h${level}`,
  attrs: { kind: "heading", level },
}));

export const schema = new Schema({
  nodes: {
    doc: { content: "paragraph+" },
    paragraph: {
      content: "text*",
      attrs: { kind: { default: DEFAULTS.kind }, level: { default: DEFAULTS.level }, label: { default: null } },
      selectable: false,
      parseDOM: [{ tag: "[data-kind]", getAttrs: pasted }, ...headings, { tag: "p" }, { tag: "td" }, { tag: "th" }],
      toDOM: (node) => [clipboardTag(attributesOf(node)), { dir: "auto", ...dataset(attributesOf(node)) }, 0],
    },
    text: {},
  },
  // Marks that stand in styles are made elements by paste.ts: a strict content security policy hides styles here.
  marks: {
    strong: mark("strong", "b"),
    em: mark("em", "i"),
    underline: mark("u"),
    strike: mark("s", "del", "strike"),
  },
});

export const paragraphType = schema.nodes.paragraph as NonNullable<typeof schema.nodes.paragraph>;
const markTypes = new Map(MARKS.map((name) => [name, schema.mark(name)]));

/** The mark of that name. */
export const markOf = (name: MarkName): Mark => markTypes.get(name) as Mark;

/** Marks for the formatting of a piece of Y.Text; what is not ours means nothing. */
export const marksOf = (format: Record<string, unknown> | undefined): Mark[] =>
  format === undefined ? [] : MARKS.filter((name) => format[name] === true).map(markOf);

export const paragraph = (attrs: Attributes, text: string, marks: readonly Mark[] = []): Node =>
  paragraphType.create({ ...attrs }, text === "" ? null : schema.text(text, marks));
