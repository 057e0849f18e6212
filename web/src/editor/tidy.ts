/** Characters that the text cannot hold: line ends inside a paragraph (T1) and halves of surrogate pairs. */
import { Plugin } from "prosemirror-state";
import { isRemote } from "./binding";
import { changedParagraphs } from "./toYjs";
import { positionOf, REPLACEMENT } from "./units";

const LINE_END = /[\n\r\u2028\u2029]/;
const ILL = /[\n\r\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Line ends as spaces, half pairs as U+FFFD: what would go over the wire. */
export const tidied = (text: string): string => text.replace(ILL, (char) => (LINE_END.test(char) ? " " : REPLACEMENT));

/** Replaces such characters wherever a local change brought them in. */
export const tidyText = (): Plugin =>
  new Plugin({
    appendTransaction(transactions, before, { doc, schema, tr }) {
      if (!transactions.some((each) => each.docChanged && !isRemote(each))) return null;
      const [from, to] = changedParagraphs(before.doc, doc);
      for (let index = from; index < to; index++) {
        const start = positionOf(doc, index) + 1;
        doc.child(index).forEach((node, offset) => {
          const text = node.text as string;
          for (const { index: at } of text.matchAll(ILL)) {
            const position = start + offset + at;
            tr.replaceWith(position, position + 1, schema.text(tidied(text[at] as string), node.marks));
          }
        });
      }
      return tr.docChanged ? tr : null;
    },
  });
