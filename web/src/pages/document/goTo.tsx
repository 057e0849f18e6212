import { useState } from "preact/hooks";
import type { PageParagraph } from "../../editor/interface";
import { closeDialog, Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { t } from "../../text/language";
import { numbered } from "./numbering";

const SHOWN = 8;

type GoToProps = { paragraphs: readonly PageParagraph[]; onGo: (id: string) => void; onClose: () => void };

/** By number, label or words to a paragraph. */
export function GoTo({ paragraphs, onGo, onClose }: GoToProps) {
  const [wanted, setWanted] = useState("");
  const names = numbered(paragraphs);
  const found = matching(paragraphs, names, wanted).slice(0, SHOWN);
  const go = (id: string) => {
    closeDialog();
    onClose();
    onGo(id);
  };
  return (
    <Dialog title={t().document.goTo} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (found[0]) go(found[0].id);
        }}
      >
        <Field label={t().document.goToLabel}>
          {(control) => (
            <input
              {...control}
              type="text"
              autocomplete="off"
              spellcheck={false}
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          )}
        </Field>
        {wanted.trim() && found.length === 0 && <p class="muted">{t().document.goToNone}</p>}
        <ul class="found">
          {found.map(({ id, text }) => (
            <li key={id}>
              <button type="button" class="found-entry" onClick={() => go(id)}>
                <span class="outline-name">{names.get(id)}</span>
                <span class="outline-words" dir="auto">
                  {text || t().document.untitledParagraph}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </form>
    </Dialog>
  );
}

/** Those whose number is meant first, then those that begin with the words, then those that hold them. */
export function matching(
  paragraphs: readonly PageParagraph[],
  names: ReadonlyMap<string, string>,
  wanted: string,
): PageParagraph[] {
  const words = plain(wanted);
  if (!words) return [];
  const rank = ({ id, text }: PageParagraph) => {
    const name = plain(names.get(id) ?? "");
    if (name === words) return 0;
    if (name.startsWith(words)) return 1;
    const place = plain(text).indexOf(words);
    return place === 0 ? 2 : place > 0 ? 3 : 4;
  };
  return paragraphs
    .map((paragraph) => ({ paragraph, rank: rank(paragraph) }))
    .filter((one) => one.rank < 4)
    .sort((a, b) => a.rank - b.rank || a.paragraph.index - b.paragraph.index)
    .map((one) => one.paragraph);
}

/** Without case, spaces and brackets: "op 3", "OP3" and "(OP3)" mean the same. */
function plain(text: string): string {
  return text.toLocaleLowerCase().replace(/[\s()[\].]+/gu, "");
}
