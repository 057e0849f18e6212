import { useEffect } from "preact/hooks";
import { announce } from "../../parts/announcer";
import { Icon } from "../../parts/icon";
import { t } from "../../text/language";
import type { Live } from "./live";
import { paragraphName } from "./lockNames";

/** Scrolls to the paragraph that the chair shows, while one follows. The caret and the focus stay where they are. */
export function useFollowing(live: Live): void {
  const focus = live.focus.value;
  const follows = live.follows.value;
  const opened = live.opened.value;
  useEffect(() => {
    // Not smoothly: the outline, which keeps its own place in sight, would end the movement half-way.
    if (opened && follows && focus) live.editor?.element(focus)?.scrollIntoView({ block: "center" });
  }, [live, opened, follows, focus]);
}

export function FollowButton({ live }: { live: Live }) {
  const follows = live.follows.value;
  const label = t().locks.follow;
  return (
    <button
      type="button"
      class="button quiet square follow"
      aria-pressed={follows}
      aria-label={label}
      title={label}
      onClick={() => {
        live.follows.value = !follows;
      }}
    >
      <Icon name="follow" />
    </button>
  );
}

/** Agreements and freezes are said as they come: one may be looking elsewhere. */
export function useSettledAloud(live: Live): void {
  useEffect(
    () =>
      live.connection.on("event", ({ kind, data, by }) => {
        const text = t().locks;
        const {
          paragraph = "",
          status,
          frozen,
        } = data as {
          paragraph?: string;
          status?: "agreed" | "agreed_ad_ref";
          frozen?: boolean;
        };
        if ((by as { id: string } | null)?.id === live.participantId) return;
        if (kind === "lock" && status) announce(text.told(paragraphName(live, paragraph), text.status[status]));
        else if (kind === "unlock") announce(text.reopened(paragraphName(live, paragraph)));
        else if (kind === "freeze") announce(frozen ? text.frozenNow : text.openNow);
      }),
    [live],
  );
}

/** "Agreed 14 of 31": of the paragraphs that have words. */
export function AgreedCount({ live }: { live: Live }) {
  const locks = live.locks.value;
  const counted = live.paragraphs.value.filter(({ id, text }) => text !== "" || locks.has(id));
  const agreed = counted.filter(({ id }) => locks.has(id)).length;
  if (agreed === 0) return null;
  return (
    <span class="badge agreed-count" title={t().locks.progressHint}>
      <Icon name="check" />
      <span class="agreed-words">{t().locks.progress(agreed, counted.length)}</span>
      <span class="agreed-short" aria-hidden="true">{`${agreed}/${counted.length}`}</span>
    </span>
  );
}
