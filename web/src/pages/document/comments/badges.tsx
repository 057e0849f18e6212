import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Icon } from "../../../parts/icon";
import { t } from "../../../text/language";
import { useAtHand } from "../atHand";
import type { Comments } from "./comments";
import { useStretch } from "./stack";
import { isOpen } from "./thread";

type BadgesProps = { comments: Comments };

/** At each paragraph how many threads it has; at the one at hand, a way to begin one. */
export function Badges({ comments }: BadgesProps) {
  const { live } = comments;
  const place = useRef<HTMLDivElement>(null);
  const [from, to] = useStretch(place);
  const tops = comments.tops.value;
  const counts = comments.counts.value;
  const caret = useComputed(() => live.caret.value?.paragraph ?? null);
  const atHand = useAtHand(live, comments.mayWrite) ?? caret.value;
  const near = (id: string) => {
    const top = tops.get(id);
    return top !== undefined && top >= from && top <= to;
  };
  const wanted = [...counts.keys()].filter(near);
  if (comments.mayWrite && atHand !== null && !counts.has(atHand) && tops.has(atHand)) wanted.push(atHand);
  return (
    <div class="comment-badges" ref={place}>
      {wanted.map((id) => (
        <Badge key={id} comments={comments} paragraph={id} top={tops.get(id) ?? 0} />
      ))}
    </div>
  );
}

function Badge({ comments, paragraph, top }: { comments: Comments; paragraph: string; top: number }) {
  const text = t().comments;
  const count = comments.counts.value.get(paragraph);
  const name = comments.nameOf(paragraph);
  const label = count ? text.atParagraph(name, count.open) : text.addTo(name);
  return (
    <button
      type="button"
      class={`comment-badge ${count ? "" : "comment-handle"}`}
      style={{ insetBlockStart: `${top}px` }}
      tabIndex={count ? 0 : -1} // the keys begin one by Ctrl+Alt+M
      aria-label={count?.unread ? text.withUnread(label) : label}
      title={label}
      onMouseDown={(event) => event.preventDefault()} // the caret and what is selected stay
      onClick={() => {
        const first = [...comments.threads.value.values()].find(
          (one) => one.paragraph === paragraph && !one.detached && (one.unread || isOpen(one)),
        );
        if (count && first) comments.goTo(first.id);
        else comments.beginHere(paragraph);
      }}
    >
      <Icon name="comment" />
      {count && count.open > 0 && <span class="comment-number">{count.open}</span>}
      {count?.unread && <span class="unread-dot" />}
    </button>
  );
}
