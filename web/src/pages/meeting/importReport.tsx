import type { Imported, Note } from "../../api";
import { paths } from "../../route";
import { t } from "../../text/language";

const NAMED = 12; // paragraphs that one line of the report names

/** That a document was made, and once more what an import changed or lost. */
export function ImportReport({ imported, onClose }: { imported: Imported; onClose: () => void }) {
  const text = t().meeting;
  return (
    <>
      <p class="row-line">{text.paragraphs(imported.progress.paragraphs)}</p>
      <Report notes={imported.report} />
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {t().common.close}
        </button>
        <a class="button primary" href={paths.document(imported.id)}>
          {text.openDocument}
        </a>
      </div>
    </>
  );
}

/** What an import changes or loses. */
export function Report({ notes }: { notes: readonly Note[] }) {
  const text = t().meeting;
  if (notes.length === 0)
    return (
      <section>
        <h3>{text.reportTitle}</h3>
        <p>{text.reportNothing}</p>
      </section>
    );
  return (
    <section aria-label={text.reportTitle}>
      <h3>{text.reportTitle}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it */}
      <ul class="report" tabIndex={0} aria-label={text.reportTitle}>
        {grouped(notes).map(({ detail, words, paragraphs }) => (
          <li key={detail}>
            {words}
            {words !== detail && <small lang="en">{detail}</small>}
            {paragraphs && <small>{paragraphs}</small>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One line for all notes that say the same, with the paragraphs where it happened, counted from 1. */
function grouped(report: readonly Note[]): { detail: string; words: string; paragraphs: string }[] {
  const places = new Map<string, { code: string; numbers: number[] }>();
  for (const { code, paragraph, detail } of report) {
    const known = places.get(detail) ?? { code, numbers: [] };
    if (paragraph !== null) known.numbers.push(paragraph + 1);
    places.set(detail, known);
  }
  const text = t().meeting;
  return [...places].map(([detail, { code, numbers }]) => ({
    detail,
    words: text.importNotes[code] ?? detail,
    paragraphs: placesOf(numbers),
  }));
}

function placesOf(numbers: readonly number[]): string {
  const text = t().meeting;
  const named = [...new Set(numbers)].slice(0, NAMED).join(", ") + (numbers.length > NAMED ? " …" : "");
  if (numbers.length === 0) return "";
  return numbers.length === 1 ? text.noteParagraph(named) : text.noteParagraphs(named);
}
