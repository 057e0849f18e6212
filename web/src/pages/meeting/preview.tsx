import { useEffect, useRef } from "preact/hooks";
import type { Preview, PreviewedParagraph, TrackedChoice } from "../../api";
import { Choice } from "../../parts/field";
import { listed, t } from "../../text/language";
import { Report } from "./importReport";

const SHOWN = 300; // paragraphs: who wants to read on opens the document

type PreviewProps = {
  preview: Preview;
  tracked: TrackedChoice;
  busy: boolean;
  onTracked: (choice: TrackedChoice) => void;
};

/** A text as it would be in the meeting, what of it would be changed or lost, and what is to become of tracked changes. */
export function PreviewOf({ preview, tracked, busy, onTracked }: PreviewProps) {
  const text = t().imports;
  const beginning = useRef<HTMLParagraphElement>(null);
  useEffect(() => beginning.current?.focus(), []);
  const { paragraphs, pairs } = preview.progress;
  const counts = [
    t().meeting.paragraphs(paragraphs),
    pairs ? t().meeting.openBrackets(pairs) : t().meeting.noOpenBrackets,
    ...(preview.threads.length ? [text.threads(preview.threads.length)] : []),
  ];
  return (
    <div class="preview" aria-busy={busy}>
      <p class="row-line" ref={beginning} tabIndex={-1}>
        <strong>{text.nothingSaved}</strong> {counts.join(" · ")}
      </p>
      <TrackedChanges preview={preview} tracked={tracked} onTracked={onTracked} />
      <Report notes={preview.report} />
      <div>
        <h3 id="preview-reading">{text.reading}</h3>
        <Reading preview={preview} />
      </div>
    </div>
  );
}

function TrackedChanges({ preview, tracked, onTracked }: Omit<PreviewProps, "busy">) {
  const { insertions, deletions, authors } = preview.tracked;
  const text = t().imports;
  if (insertions + deletions === 0) return null;
  return (
    <div class="preview-tracked">
      <Choice
        legend={text.tracked}
        name="tracked"
        value={tracked}
        options={[
          { value: "accept", label: text.accept, hint: text.acceptHint },
          { value: "reject", label: text.reject, hint: text.rejectHint },
          { value: "brackets", label: text.brackets, hint: text.bracketsHint },
        ]}
        onChange={onTracked}
      />
      <p class="hint">
        {text.trackedCount(insertions, deletions)}
        {authors.length > 0 && (
          <>
            {". "}
            <bdi>{text.trackedBy(listed(authors))}</bdi>
          </>
        )}
      </p>
    </div>
  );
}

function Reading({ preview }: { preview: Preview }) {
  const text = t().imports;
  const remarks = new Map<number, string[]>();
  for (const { paragraph, comments } of preview.threads)
    remarks.set(paragraph, [...(remarks.get(paragraph) ?? []), ...comments]);
  const left = preview.paragraphs.length - SHOWN;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it
    <section class="preview-text serif" tabIndex={0} aria-labelledby="preview-reading">
      {preview.paragraphs.every((paragraph) => !paragraph.text) && <p class="muted">{text.empty}</p>}
      {preview.paragraphs.slice(0, SHOWN).map((paragraph, index) => (
        <Paragraph key={index} paragraph={paragraph} remarks={remarks.get(index)} />
      ))}
      {left > 0 && <p class="muted">{text.more(left)}</p>}
    </section>
  );
}

type ParagraphProps = { paragraph: PreviewedParagraph; remarks: string[] | undefined };

function Paragraph({ paragraph, remarks }: ParagraphProps) {
  const { kind, level, label, runs } = paragraph;
  return (
    <div class={`preview-paragraph ${kind}`} style={{ "--level": Math.min(level, 6) }} dir="auto">
      {label !== null && <bdi class="preview-label">{label}</bdi>}
      <p>
        {runs.map(({ text, marks }, index) => (
          <span key={index} class={marks.join(" ")}>
            {text}
          </span>
        ))}
      </p>
      {remarks && (
        <details class="preview-remarks">
          <summary>{t().imports.remarks(remarks.length)}</summary>
          <ul>
            {remarks.map((body) => (
              <li key={body} dir="auto">
                {body}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
