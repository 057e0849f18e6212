import { useState } from "preact/hooks";
import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { Icon } from "../../../parts/icon";
import { listed, t } from "../../../text/language";
import type { Comments } from "./comments";
import { countsOf, type Stop, stopsOf } from "./stops";

type SinceProps = { comments: Comments; onShow: (paragraph: string) => void };

/** On return: what changed while one was away, one after the other. The focus stays here. */
export function SinceYouLeft({ comments, onShow }: SinceProps) {
  const { since, later } = comments.visit;
  const text = t().comments.since;
  const act = useAct();
  const [at, setAt] = useState(-1);
  if (since.value === null || later.value || comments.places.value.size === 0) return null;
  const stops = stopsOf(since.value, comments.places.value);
  const current = stops[at];
  const step = (by: 1 | -1) => {
    const next = at < 0 && by < 0 ? stops.length - 1 : (at + by + stops.length) % stops.length;
    setAt(next);
    const to = stops[next];
    if (to?.thread) comments.show(to.thread);
    else if (to?.paragraph) onShow(to.paragraph);
  };
  return (
    <section class="since" aria-label={text.region} data-region="since" tabIndex={-1}>
      <div class="since-words">
        <h2>{text.title}</h2>
        <p role="status">
          {current
            ? `${text.place(at + 1, stops.length)} · ${sentence(comments, current)}`
            : listed(countsOf(stops).map(([kind, count]) => text.counts[kind](count)))}
        </p>
        {act.problem && (
          <p class="error" role="alert">
            {act.problem}
          </p>
        )}
      </div>
      <div class="since-acts">
        <button
          type="button"
          class="button quiet square small"
          aria-label={text.previous}
          title={text.previous}
          onClick={() => step(-1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="button quiet square small"
          aria-label={text.next}
          title={text.next}
          onClick={() => step(1)}
        >
          <Icon name="chevron" />
        </button>
        <button
          type="button"
          class="button primary small"
          title={text.doneHint}
          disabled={act.busy}
          onClick={() =>
            void act.run(async () => {
              await comments.readAll();
              announce(text.doneNow);
            })
          }
        >
          {text.done}
        </button>
        <button
          type="button"
          class="button quiet square small"
          aria-label={text.later}
          title={text.later}
          onClick={() => {
            later.value = true;
          }}
        >
          <Icon name="close" />
        </button>
      </div>
    </section>
  );
}

function sentence(comments: Comments, { kind, paragraph, what, by }: Stop): string {
  const text = t().comments.since;
  const name = paragraph === null ? null : comments.nameOf(paragraph);
  const who = by === null ? "" : by.delegation ? comments.live.nameOf(by.delegation) : by.name;
  switch (kind) {
    case "paragraph":
      if (name === null) return text.removed;
      return what === "added" ? text.added(name) : text.changed(name);
    case "comment":
      return text.comment(name ?? t().comments.detachedTitle, who);
    case "bracket":
      return what === "resolution" ? text.resolved(name ?? "", who) : text.position(name ?? "", who);
    case "lock":
      if (name === null) return text.frozen(who);
      return what === "unlock" ? text.reopened(name) : text.agreed(name);
  }
}
