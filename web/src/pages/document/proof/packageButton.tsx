import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { t } from "../../../text/language";
import { save } from "../papers/papers";
import { proofs } from "./proofs";

/** One click, and all that the senior body needs comes in one file. */
export function PackageButton({ documentId }: { documentId: string }) {
  const act = useAct();
  const text = t().proof;
  const pack = () =>
    act.run(async () => {
      const file = await proofs.package(documentId);
      save(file);
      announce(text.saved(file.name));
    });
  return (
    <div class="package">
      <button type="button" class="button" disabled={act.busy} title={text.packageHint} onClick={() => void pack()}>
        {act.busy ? text.packing : text.package}
      </button>
      {act.problem && (
        <p class="error" role="alert">
          {act.problem}
        </p>
      )}
    </div>
  );
}
