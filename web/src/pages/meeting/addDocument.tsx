import { useRef, useState } from "preact/hooks";
import { api, type Imported, type Meeting, type NewDraft, type Preview, Problem, type TrackedChoice } from "../../api";
import { type Act, useAct } from "../../parts/act";
import { Dialog } from "../../parts/dialog";
import { Choice, Field } from "../../parts/field";
import { Icon } from "../../parts/icon";
import { t } from "../../text/language";
import { ImportReport } from "./importReport";
import { NameFields } from "./nameFields";
import { PreviewOf } from "./preview";

type AddProps = { meeting: Meeting; onAdded: () => void; onClose: () => void };
type Source = "file" | "text" | "nothing";
type Given = { title: string; symbol: string; source: Source; file: File | undefined; pasted: string };
/** A file, or pasted words as one, how it would read, and what becomes of its tracked changes. */
type Shown = { sent: File; preview: Preview; tracked: TrackedChoice };

/** A draft from a file, from pasted text or from nothing: shown before anything is saved, and then the report. */
export function AddDocument({ meeting, onAdded, onClose }: AddProps) {
  const [given, setGiven] = useState<Given>({ title: "", symbol: "", source: "file", file: undefined, pasted: "" });
  const [shown, setShown] = useState<Shown>();
  const [imported, setImported] = useState<Imported>();
  const latest = useRef(0);
  const act = useAct();
  const added = (draft: Imported) => {
    setImported(draft);
    onAdded();
  };
  const look = async (sent: File, tracked: TrackedChoice) => {
    latest.current += 1;
    const asked = latest.current;
    const preview = await api.previewDocument(meeting.id, sent, draftOf(given), tracked);
    if (asked === latest.current) setShown({ sent, preview, tracked });
  };
  const begin = () =>
    act.run(async () => {
      const sent = await fileOf(given);
      if (sent) await look(sent, "accept");
      else added(await api.createDocument(meeting.id, draftOf(given)));
    });
  const choose = (tracked: TrackedChoice) => {
    if (!shown) return;
    setShown({ ...shown, tracked });
    void act.again(() => look(shown.sent, tracked));
  };
  const add = ({ sent, tracked }: Shown) =>
    act.run(async () => added(await api.uploadDocument(meeting.id, sent, draftOf(given), tracked)));

  if (imported)
    return (
      <Dialog title={t().meeting.added(imported.title)} size="large" onClose={onClose}>
        <ImportReport imported={imported} onClose={onClose} />
      </Dialog>
    );
  if (shown)
    return (
      <Dialog title={t().imports.title(given.title.trim())} size="large" onClose={onClose}>
        <PreviewOf preview={shown.preview} tracked={shown.tracked} busy={act.busy} onTracked={choose} />
        <Refusal act={act} />
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => setShown(undefined)}>
            {t().imports.back}
          </button>
          <button type="button" class="button primary" disabled={act.busy} onClick={() => void add(shown)}>
            {act.busy ? t().imports.looking : t().imports.add}
          </button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={t().meeting.addDocument} size="large" onClose={onClose}>
      <AddForm given={given} act={act} onGiven={setGiven} onSend={() => void begin()} onClose={onClose} />
    </Dialog>
  );
}

/** What the page knows of a refusal, and the server's own sentence, which says why this file was refused. */
function Refusal({ act }: { act: Act }) {
  if (!act.problem) return null;
  return (
    <p class="error" role="alert">
      {act.problem}
      {act.detail && act.detail !== act.problem && <small lang="en">{act.detail}</small>}
    </p>
  );
}

function draftOf({ title, symbol }: Given): NewDraft {
  return symbol.trim() ? { title: title.trim(), symbol: symbol.trim() } : { title: title.trim() };
}

type FormProps = {
  given: Given;
  act: Act;
  onGiven: (given: Given) => void;
  onSend: () => void;
  onClose: () => void;
};

function AddForm({ given, act, onGiven, onSend, onClose }: FormProps) {
  const [missing, setMissing] = useState(false);
  const { title, symbol, source, file, pasted } = given;
  const text = t().meeting;

  const chosen = (one: File | undefined) => {
    setMissing(false);
    onGiven({ ...given, file: one, title: one && !title ? one.name.replace(/\.\w+$/u, "") : title });
  };
  const send = (event: Event) => {
    event.preventDefault();
    if (source === "file" && !file) setMissing(true);
    else onSend();
  };
  return (
    <form class="form" onSubmit={send}>
      <Choice
        legend={text.source}
        name="source"
        value={source}
        options={[
          { value: "file", label: text.fromFile },
          { value: "text", label: text.fromText },
          { value: "nothing", label: text.fromNothing },
        ]}
        onChange={(chosenSource) => onGiven({ ...given, source: chosenSource })}
      />
      {source === "file" && <FileField file={file} missing={missing} onFile={chosen} />}
      {source === "text" && (
        <Field label={text.text} hint={text.textHint}>
          {(control) => (
            <textarea
              {...control}
              class="serif"
              rows={10}
              required
              dir="auto"
              value={pasted}
              onInput={(event) => onGiven({ ...given, pasted: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      <NameFields
        title={title}
        symbol={symbol}
        onTitle={(value) => onGiven({ ...given, title: value })}
        onSymbol={(value) => onGiven({ ...given, symbol: value })}
      />
      <Refusal act={act} />
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {t().common.cancel}
        </button>
        <button type="submit" class="button primary" disabled={act.busy}>
          {submitName(source, act.busy)}
        </button>
      </div>
    </form>
  );
}

function submitName(source: Source, busy: boolean): string {
  if (source === "nothing") return busy ? t().meeting.adding : t().common.add;
  return busy ? t().imports.looking : t().imports.look;
}

const LARGEST = 20 * 1024 * 1024; // bytes
const MARKDOWN = /^#{1,6}\s|^[*-]\s|\*\*\S|(?<![\w_])_\S[^\n]*\S_(?![\w_])/mu;

/**
 * The file as it is now: what is shown is what will be sent, whatever becomes of it meanwhile. Pasted words as the file
 * they might have been: Markdown where they are marked up, else plain text, which a line feed may part into paragraphs,
 * as word processors paste them.
 */
async function fileOf({ source, file, pasted }: Given): Promise<File | undefined> {
  if (source === "text") return new File([pasted], MARKDOWN.test(pasted) ? "pasted.md" : "pasted.txt");
  if (source === "nothing" || !file) return undefined;
  if (file.size > LARGEST) throw new Problem(413, "too_large", "");
  const bytes = await file.arrayBuffer().catch(() => {
    throw new Problem(0, "file_changed", "");
  });
  return new File([bytes], file.name);
}

type FileProps = { file: File | undefined; missing: boolean; onFile: (file: File | undefined) => void };

const TAKEN =
  ".docx,.txt,.md,text/plain,text/markdown,application/vnd.openxmlformats-officedocument.wordprocessingml.document";

function FileField({ file, missing, onFile }: FileProps) {
  const text = t().meeting;
  return (
    <Field label={text.file} hint={text.fileHint} error={missing ? text.fileMissing : undefined}>
      {(control) => (
        <div class="drop">
          <input {...control} type="file" accept={TAKEN} onChange={(event) => onFile(event.currentTarget.files?.[0])} />
          <span class="drop-face" aria-hidden="true">
            <Icon name={file ? "document" : "upload"} />
            {file ? <bdi>{file.name}</bdi> : text.chooseFile}
          </span>
        </div>
      )}
    </Field>
  );
}
