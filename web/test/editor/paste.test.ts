import { TextSelection } from "prosemirror-state";
import { afterEach, describe, expect, test } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { createEditor } from "../../src/editor/editor";
import type { Editor } from "../../src/editor/interface";
import { base, OTHERS } from "./client";

let editor: Editor;
let doc: Y.Doc;

function open(...paragraphs: string[]): void {
  doc = new Y.Doc();
  doc.clientID = 7;
  Y.applyUpdate(doc, base(...paragraphs), OTHERS);
  const mount = document.createElement("div");
  document.body.append(mount);
  editor = createEditor({ mount, doc, awareness: new Awareness(doc), editable: true, label: "Text" });
}
afterEach(() => {
  editor.destroy();
  document.body.replaceChildren();
});

/** Paragraphs as `kind level: text`, marks as tags. */
function result(): string[] {
  const out: string[] = [];
  editor.view.state.doc.forEach((node) => {
    let text = "";
    node.forEach((child) => {
      const names = child.marks.map(({ type }) => type.name);
      text +=
        names.map((name) => `<${name}>`).join("") +
        child.text +
        names
          .map((name) => `</${name}>`)
          .reverse()
          .join("");
    });
    out.push(`${node.attrs.kind} ${node.attrs.level}: ${text}`);
  });
  return out;
}
const select = (from: number, to = from) => {
  const { tr, doc: page } = editor.view.state;
  editor.view.dispatch(tr.setSelection(TextSelection.create(page, from, to)));
};
const paste = (html: string) => editor.view.pasteHTML(html);

describe("paste", () => {
  test("from Word: headings, emphasis, lists by level; no numbers of its own, no empty paragraphs", () => {
    open("");
    paste(`<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0}</style></head><body lang=EN-GB>
<!--StartFragment--><p class=MsoTitle>Draft outcome<o:p></o:p></p>
<h1>I.<span style='mso-tab-count:1'>   </span>General provisions<o:p></o:p></h1>
<p class=MsoNormal><b><span lang=EN-US>Recalling</span></b><i>&nbsp;the </i><u>Charter</u>&nbsp;&nbsp;&nbsp; and <s>other</s> texts<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span><![endif]>First<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><!--[if !supportLists]--><span style='mso-list: Ignore'>(a)</span><!--[endif]-->Second</p>
<!--EndFragment--></body></html>`);
    expect(result()).toEqual([
      "title 1: Draft outcome",
      "heading 1: I. General provisions",
      "body 1: <strong>Recalling</strong><em>\u00a0the </em><underline>Charter</underline> and <strike>other</strike> texts",
      "item 1: First",
      "item 2: Second",
    ]);
  });

  test("from Google Docs: not everything bold, marks in styles", () => {
    open("");
    paste(`<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span style="font-weight:400">Scope</span></h2>
<p dir="ltr"><span style="font-weight:700">The</span><span style="font-weight:400;font-style:italic"> Parties</span><span style="text-decoration:underline"> shall</span><span style="text-decoration:line-through"> may</span></p>
<ul><li dir="ltr"><p dir="ltr"><span>one</span></p></li><ul><li dir="ltr"><p dir="ltr"><span>two</span></p></li></ul></ul></b>`);
    expect(result()).toEqual([
      "heading 2: Scope",
      "body 1: <strong>The</strong><em> Parties</em><underline> shall</underline><strike> may</strike>",
      "item 1: one",
      "item 2: two",
    ]);
  });

  test("a table becomes its cells; scripts and styles nothing", () => {
    open("");
    paste("<table><tr><td>a</td><td>b</td></tr></table><script>alert(1)</script><style>p{}</style><p>c</p>");
    expect(result()).toEqual(["body 1: a", "body 1: b", "body 1: c"]);
  });

  test("T2: into a paragraph it keeps that one's id and kind; what stood behind goes with the last", () => {
    open("Alpha", "Beta");
    editor.view.dispatch(editor.view.state.tr.setNodeAttribute(0, "kind", "operative"));
    editor.goTo("1-0");
    select(3);
    paste("<h1>one</h1><p>two</p>");
    expect(result()).toEqual(["operative 1: Alone", "body 1: twopha", "body 1: Beta"]);
    expect(editor.paragraphs().map(({ id }) => id)).toEqual(["1-0", "7-4", "1-6"]);
  });

  test("words within a paragraph stay within it", () => {
    open("Alpha");
    select(3);
    paste("<span>one <b>two</b></span>");
    expect(result()).toEqual(["body 1: Alone <strong>two</strong>pha"]);
  });

  test("plain text: each line is a paragraph, empty ones are none", () => {
    open("");
    editor.view.pasteText("one\r\n\r\ntwo\nthree");
    expect(result()).toEqual(["body 1: one", "body 1: two", "body 1: three"]);
  });

  test("one's own copy comes back as it was, labels included", () => {
    open("Alpha", "Beta");
    editor.view.dispatch(
      editor.view.state.tr
        .setNodeMarkup(7, null, { kind: "item", level: 2, label: "OP3 bis" })
        .setNodeAttribute(0, "kind", "title"),
    );
    const { dom, text } = editor.view.serializeForClipboard(editor.view.state.doc.slice(0));
    expect(text).toBe("Alpha\n\nBeta");
    expect(dom.querySelector("h1")?.textContent).toBe("Alpha");
    editor.destroy();
    open("");
    paste(dom.innerHTML);
    expect(result()).toEqual(["title 1: Alpha", "item 2: Beta"]);
    expect(editor.paragraphs()[1]?.label).toBe("OP3 bis");
  });
});

test("cut takes the newline of the text that goes, and gives it to the clipboard", () => {
  open("Alpha", "Beta", "Gamma");
  select(8, 14);
  const data = new Map<string, string>();
  const event = new Event("cut", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "clipboardData", {
    value: { clearData: () => data.clear(), setData: (type: string, value: string) => data.set(type, value) },
  });
  editor.view.dom.dispatchEvent(event);
  expect(data.get("text/plain")).toContain("Beta");
  expect(editor.paragraphs().map(({ id, text }) => [id, text])).toEqual([
    ["1-0", "Alpha"],
    ["1-11", "Gamma"],
  ]);
});
