import { useState } from "preact/hooks";
import { api, type Draft } from "../../api";
import { useAct } from "../../parts/act";
import { Dialog } from "../../parts/dialog";
import { t } from "../../text/language";
import { NameFields } from "./nameFields";

type RenameProps = { draft: Draft; onRenamed: () => void; onClose: () => void };

export function RenameDocument({ draft, onRenamed, onClose }: RenameProps) {
  const [title, setTitle] = useState(draft.title);
  const [symbol, setSymbol] = useState(draft.symbol ?? "");
  const act = useAct();
  const rename = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      await api.renameDocument(draft.id, { title: title.trim(), symbol: symbol.trim() || null });
      onRenamed();
      onClose();
    });
  };
  return (
    <Dialog title={t().meeting.renameDocument} onClose={onClose}>
      <form class="form" onSubmit={rename}>
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
            {t().common.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
