import { useEffect, useState } from "preact/hooks";
import { api, Problem, type Written } from "../../api";
import type { LockStatus } from "../../editor/locks";
import { useAct } from "../../parts/act";
import { announce } from "../../parts/announcer";
import { Dialog } from "../../parts/dialog";
import { t } from "../../text/language";
import type { Live } from "./live";
import { paragraphName } from "./lockNames";
import { wordDiff } from "./wordDiff";

type AgreeProps = { live: Live; documentId: string; paragraph: string; status: LockStatus; onClose: () => void };

/** The chair agrees on the words that are shown here, and on no others: the server is told their digest. */
export function AgreeDialog({ live, documentId, paragraph, status, onClose }: AgreeProps) {
  const text = t().locks;
  const act = useAct();
  const [before, setBefore] = useState<string>();
  const [now, setNow] = useState<Written | null>();
  const [brackets, setBrackets] = useState(false);

  useEffect(() => {
    void act.run(async () => {
      setNow((await api.paragraphs(documentId)).paragraphs.find(({ id }) => id === paragraph) ?? null);
    });
  }, [documentId, paragraph]);

  const agree = (shown: Written) =>
    act.run(async () => {
      try {
        await api.lock(documentId, paragraph, { digest: shown.digest, status, allow_brackets: brackets });
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (problem.code === "open_brackets") setBrackets(true);
        else if (problem.code === "text_changed" && problem.members.paragraph) {
          setBefore(shown.text);
          setNow(problem.members.paragraph as Written);
        } else throw problem;
        return;
      }
      announce(text.told(paragraphName(live, paragraph), text.status[status]));
      onClose();
    });

  const action = brackets ? text.agreeAnyway : status === "agreed" ? text.agree : text.agreeAdRef;
  return (
    <Dialog title={text.agreeTitle[status]} onClose={onClose}>
      {before !== undefined && now && (
        <p class="settle-note" role="alert">
          {before === now.text ? text.changedLook : text.changed}
        </p>
      )}
      {now && <Words live={live} now={now} before={before} />}
      {now === null && <p class="error">{text.gone}</p>}
      {now === undefined && !act.problem && <p class="muted">{t().common.loading}</p>}
      {brackets && (
        <p class="settle-note" role="alert">
          {text.brackets}
        </p>
      )}
      <p class="muted">{text.agreeBody}</p>
      {act.problem && (
        <p class="error" role="alert">
          {act.problem}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {t().common.cancel}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={!now || act.busy}
          onClick={() => {
            if (now) void agree(now);
          }}
        >
          {before !== undefined && !brackets ? text.agreeChanged : action}
        </button>
      </div>
    </Dialog>
  );
}

type WordsProps = { live: Live; now: Written; before: string | undefined };

function Words({ live, now, before }: WordsProps) {
  const text = t().locks;
  const differs = before !== undefined && before !== now.text;
  return (
    <blockquote class="settle-text serif" dir="auto" aria-label={text.textOf(paragraphName(live, now.id))}>
      {now.text === "" && before === undefined && <span class="muted">{text.emptyText}</span>}
      {differs
        ? wordDiff(before, now.text).map((span, i) => <Difference key={`${i}${span.op}`} {...span} />)
        : now.runs.map(({ text: words, marks }, i) => (
            <span key={`${i}${words}`} class={marks.map((mark) => `mark-${mark}`).join(" ")}>
              {words}
            </span>
          ))}
    </blockquote>
  );
}

/** Never by colour alone: added is underlined, removed struck through, and both are said. */
function Difference({ op, text: words }: { op: string; text: string }) {
  if (op === "=") return <>{words}</>;
  const said = op === "+" ? t().locks.added : t().locks.removed;
  const Tag = op === "+" ? "ins" : "del";
  return (
    <Tag>
      <span class="off-screen">{` [${said}: `}</span>
      {words}
      <span class="off-screen">] </span>
    </Tag>
  );
}
