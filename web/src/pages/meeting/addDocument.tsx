import { useState } from "preact/hooks";
import { api, type Imported, type Meeting, type NewDraft } from "../../api";
import { useAct } from "../../parts/act";
import { Dialog } from "../../parts/dialog";
import { Choice, Field } from "../../parts/field";
import { Icon } from "../../parts/icon";
import { t } from "../../text/language";
import { ImportReport } from "./importReport";
import { NameFields } from "./nameFields";

type AddProps = { meeting: Meeting; onAdded: () => void; onClose: () => void };
type Source = "file" | "text" | "nothing";

/** A draft from a file, from pasted text or from nothing; then the report of what was changed on the way in. */
export function AddDocument({ meeting, onAdded, onClose }: AddProps) {
  const [imported, setImported] = useState<Imported>();
  const added = (draft: Imported) => {
    setImported(draft);
    onAdded();
  };
  const title = imported ? t().meeting.added(imported.title) : t().meeting.addDocument;
  return (
    <Dialog title={title} size="large" onClose={onClose}>
      {imported ? (
        <ImportReport imported={imported} onClose={onClose} />
      ) : (
        <AddForm meeting={meeting} onAdded={added} onClose={onClose} />
      )}
    </Dialog>
  );
}

type FormProps = { meeting: Meeting; onAdded: (draft: Imported) => void; onClose: () => void };

function AddForm({ meeting, onAdded, onClose }: FormProps) {
  const [title, setTitle] = useState("");
  const [symbol, setSymbol] = useState("");
  const [source, setSource] = useState<Source>("file");
  const [file, setFile] = useState<File>();
  const [pasted, setPasted] = useState("");
  const [missing, setMissing] = useState(false);
  const act = useAct();
  const text = t().meeting;

  const chosen = (one: File | undefined) => {
    setFile(one);
    setMissing(false);
    if (one && !title) setTitle(one.name.replace(/\.\w+$/u, ""));
  };
  const add = (event: Event) => {
    event.preventDefault();
    if (source === "file" && !file) {
      setMissing(true);
      return;
    }
    void act.run(async () => {
      const draft: NewDraft = { title: title.trim() };
      if (symbol.trim()) draft.symbol = symbol.trim();
      const sent = source === "file" ? file : source === "text" ? pastedFile(pasted) : undefined;
      onAdded(sent ? await api.uploadDocument(meeting.id, sent, draft) : await api.createDocument(meeting.id, draft));
    });
  };
  return (
    <form class="form" onSubmit={add}>
      <Choice
        legend={text.source}
        name="source"
        value={source}
        options={[
          { value: "file", label: text.fromFile },
          { value: "text", label: text.fromText },
          { value: "nothing", label: text.fromNothing },
        ]}
        onChange={setSource}
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
              onInput={(event) => setPasted(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <NameFields title={title} symbol={symbol} onTitle={setTitle} onSymbol={setSymbol} />
      {act.problem && (
        <p class="error" role="alert">
          {act.problem}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {t().common.cancel}
        </button>
        <button type="submit" class="button primary" disabled={act.busy}>
          {act.busy ? text.adding : t().common.add}
        </button>
      </div>
    </form>
  );
}

const MARKDOWN = /^#{1,6}\s|^[*-]\s|\*\*\S|(?<![\w_])_\S[^\n]*\S_(?![\w_])/mu;

/**
 * Pasted words as the file they might have been: Markdown where they are marked up, else plain text, which a line feed
 * may part into paragraphs, as word processors paste them.
 */
function pastedFile(text: string): File {
  return new File([text], MARKDOWN.test(text) ? "pasted.md" : "pasted.txt");
}

type FileProps = { file: File | undefined; missing: boolean; onFile: (file: File | undefined) => void };

function FileField({ file, missing, onFile }: FileProps) {
  const text = t().meeting;
  return (
    <Field label={text.file} hint={text.fileHint} error={missing ? text.fileMissing : undefined}>
      {(control) => (
        <div class="drop">
          <input
            {...control}
            type="file"
            accept=".txt,.md,text/plain,text/markdown"
            onChange={(event) => onFile(event.currentTarget.files?.[0])}
          />
          <span class="drop-face" aria-hidden="true">
            <Icon name={file ? "document" : "upload"} />
            {file ? <bdi>{file.name}</bdi> : text.chooseFile}
          </span>
        </div>
      )}
    </Field>
  );
}
