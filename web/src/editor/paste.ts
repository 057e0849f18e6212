/** What comes in from the clipboard: paragraphs, their kinds and four marks; the rest of a word processor's HTML goes. */
import { type Attrs, Fragment, type Node, Slice } from "prosemirror-model";
import { type EditorState, Plugin, type Transaction } from "prosemirror-state";
import { removeSelection } from "./joining";
import { attributesOf, DEFAULTS, sameAttributes } from "./schema";
import { tidied } from "./tidy";

const BLOCKS = "p, h1, h2, h3, h4, h5, h6, li, td, th";
/** Where styles are kept while they are read: the page's content security policy allows none in markup. */
const STYLE = "data-style";
const TAG = /<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi;

const styleOf = (element: Element): string => element.getAttribute(STYLE) ?? "";

/** A property of an element's own style. */
function property(element: Element, name: string): string {
  const found = styleOf(element)
    .split(";")
    .map((each) => each.split(":"))
    .find(([key]) => key?.trim().toLowerCase() === name);
  return found?.[1]?.trim().toLowerCase() ?? "";
}

/** Word's list level of a paragraph: `mso-list: l0 level2 lfo1`. */
function wordLevel(element: Element): number | null {
  const match = /^l\d+\s+level(\d+)/.exec(property(element, "mso-list"));
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** How many lists an item stands in. */
function depth(item: Element): number {
  let level = 0;
  for (let at = item.parentElement; at !== null; at = at.parentElement) if (/^[ou]l$/i.test(at.tagName)) level++;
  return Math.max(1, level);
}

function setKind(block: Element): void {
  const level = wordLevel(block) ?? (block.tagName === "LI" ? depth(block) : null);
  if (level !== null) {
    block.setAttribute("data-kind", "item");
    block.setAttribute("data-level", String(level));
  } else if (block.tagName === "P" && /\bMsoTitle\b/.test(block.className)) {
    block.setAttribute("data-kind", "title");
  }
}

/** Marks that an element's style sets, as elements of their own. */
function marksIn(element: Element): string[] {
  const line = property(element, "text-decoration") || property(element, "text-decoration-line");
  const tags: [tag: string, on: boolean][] = [
    ["strong", /^(bold(er)?|[6-9]\d\d)$/.test(property(element, "font-weight"))],
    ["em", /^(italic|oblique)/.test(property(element, "font-style"))],
    ["u", /\bunderline\b/.test(line)],
    ["s", /\bline-through\b/.test(line)],
  ];
  return tags.filter(([, on]) => on).map(([tag]) => tag);
}

function setMarks(element: Element): void {
  for (const tag of marksIn(element)) {
    const mark = element.ownerDocument.createElement(tag);
    mark.append(...element.childNodes);
    element.append(mark);
  }
}

/** Google Docs wraps all that is copied in <b style="font-weight: normal">. */
const isNoMark = (element: Element): boolean =>
  (element.tagName === "B" && /^(normal|400)$/.test(property(element, "font-weight"))) ||
  (element.tagName === "I" && property(element, "font-style") === "normal");

function dropComments(root: globalThis.Node): void {
  for (const child of [...root.childNodes]) {
    if (child.nodeType === 8) child.remove();
    else dropComments(child);
  }
}

/** HTML of Word, Google Docs, LibreOffice or a page, as HTML that the schema reads. */
export function cleanHtml(html: string): string {
  const quiet = html.replace(TAG, (tag) => tag.replace(/(\s)style(\s*=)/gi, `$1${STYLE}$2`));
  const { body } = new DOMParser().parseFromString(quiet, "text/html");
  dropComments(body);
  for (const junk of body.querySelectorAll("style, script, meta, link, title")) junk.remove();
  for (const block of body.querySelectorAll(BLOCKS)) if (!block.hasAttribute("data-kind")) setKind(block);
  for (const element of body.querySelectorAll(`[${STYLE}]`)) {
    // Word's numbers stand in the text, but are none of it.
    if (property(element, "mso-list") === "ignore") element.remove();
    else if (isNoMark(element)) element.replaceWith(...element.childNodes);
    else setMarks(element);
    element.removeAttribute(STYLE);
  }
  // An item holds its text in paragraphs of its own as often as not: one paragraph is enough.
  for (const inner of body.querySelectorAll("li > p:first-child")) inner.replaceWith(...inner.childNodes);
  return body.innerHTML;
}

const blank = (text: string) => /^[\s\u00a0]*$/.test(text);

/** Spaces that a word processor made of indents and tabs, as one; the text's own ends without any. */
const spaces = (text: string) => text.replace(/[ \t\u00a0]{2,}|\t/g, " ");

function inline(node: Node): Fragment {
  const out: Node[] = [];
  node.forEach((child) => {
    const text = spaces(tidied(child.text as string));
    if (text !== "") out.push(child.type.schema.text(text, child.marks));
  });
  return Fragment.fromArray(out);
}

/** The slice as whole paragraphs, without the empty ones. */
function paragraphsOf(slice: Slice): Node[] {
  const out: Node[] = [];
  slice.content.forEach((node) => {
    if (!node.isTextblock) return;
    if (!blank(node.textContent)) out.push(node.copy(inline(node)));
  });
  return out;
}

/** The slice's own text when it holds no paragraph. */
function bareText(slice: Slice): Fragment | null {
  const first = slice.content.firstChild;
  return first?.isText ? inline(first.type.schema.node("paragraph", null, slice.content)) : null;
}

/**
 * Puts the slice in place of the selection. The paragraph pasted into keeps its id and, unless it was empty, its
 * attributes; what stood behind the caret goes with the last paragraph pasted.
 */
export function paste(state: EditorState, slice: Slice): Transaction | null {
  const bare = bareText(slice);
  const paragraphs = bare === null ? paragraphsOf(slice) : [state.schema.node("paragraph", null, bare)];
  const [first, ...more] = paragraphs;
  if (first === undefined) return null;
  const { tr } = state;
  if (!state.selection.empty) removeSelection(tr);
  const { $from } = tr.selection;
  const here = $from.parent;
  const takesOver = here.content.size === 0 && !sameAttributes(attributesOf(first), DEFAULTS);
  if (more.length === 0) tr.replaceSelection(new Slice(first.content, 0, 0));
  else tr.replaceSelection(new Slice(Fragment.fromArray([first, ...more]), 1, 1));
  if (takesOver) tr.setNodeMarkup($from.before(), null, first.attrs as Attrs);
  return tr.scrollIntoView();
}

export const pasting = (): Plugin =>
  new Plugin({
    props: {
      transformPastedHTML: cleanHtml,
      handlePaste(view, _event, slice) {
        const tr = paste(view.state, slice);
        if (tr !== null) view.dispatch(tr.setMeta("paste", true).setMeta("uiEvent", "paste"));
        return true;
      },
    },
  });
