import type { Lint } from "../../../brackets";
import { announce } from "../../../parts/announcer";
import { Dialog } from "../../../parts/dialog";
import { t } from "../../../text/language";
import type { Live } from "../live";
import { paragraphName } from "../lockNames";
import type { Brackets } from "./brackets";

type Props = { live: Live; brackets: Brackets };

/** What is amiss with the brackets, each with what would mend it. */
export function Lints({ live, brackets, onShown }: Props & { onShown?: (() => void) | undefined }) {
  const text = t().brackets;
  const { lints } = brackets.text.value.reading;
  if (lints.length === 0) return null;
  return (
    <details class="lints">
      <summary>{text.lints(lints.length)}</summary>
      <ol>
        {lints.map((lint) => (
          <li key={`${lint.code} ${lint.paragraph} ${lint.start}`}>
            <p>
              <strong>{placeOf(live, brackets, lint)}</strong> {text.lint[lint.code].what}
            </p>
            <button
              type="button"
              class="button quiet"
              onClick={() => {
                show(live, brackets, lint);
                onShown?.();
              }}
            >
              {text.showIt}
            </button>
            <MendButton brackets={brackets} lint={lint} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function placeOf(live: Live, brackets: Brackets, lint: Lint): string {
  return paragraphName(live, brackets.text.value.paragraphs[lint.paragraph]?.id ?? "");
}

function show(live: Live, brackets: Brackets, lint: Lint): void {
  const paragraph = brackets.text.value.paragraphs[lint.paragraph];
  live.view.value = "text";
  if (paragraph) live.editor?.show(paragraph.id, lint.start, lint.end);
}

/** Only where one may write, and where the mend changes anything. */
function MendButton({ brackets, lint, onDone }: { brackets: Brackets; lint: Lint; onDone?: () => void }) {
  const text = t().brackets;
  const { mend } = lint;
  if (!brackets.editable.value || (mend.delete === 0 && mend.insert === "")) return null;
  return (
    <button
      type="button"
      class="button"
      title={text.lint[lint.code].mend}
      onClick={() => {
        brackets.mend(lint);
        announce(text.mended);
        onDone?.();
      }}
    >
      {text.mend}
    </button>
  );
}

export function LintDialog({ live, brackets, lint, onClose }: Props & { lint: Lint; onClose: () => void }) {
  const text = t().brackets;
  return (
    <Dialog title={`${text.lintTitle} · ${placeOf(live, brackets, lint)}`} onClose={onClose}>
      <p>{text.lint[lint.code].what}</p>
      <p class="muted">{text.lint[lint.code].mend}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {t().common.close}
        </button>
        <MendButton brackets={brackets} lint={lint} onDone={onClose} />
      </div>
    </Dialog>
  );
}
