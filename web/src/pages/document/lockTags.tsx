import { useLayoutEffect, useState } from "preact/hooks";
import { may } from "../../me";
import { Disclosure } from "../../parts/disclosure";
import { Icon } from "../../parts/icon";
import { t } from "../../text/language";
import { useAtHand } from "./atHand";
import { ParagraphActs } from "./chairMenu";
import type { Live } from "./live";
import { lockSentence, paragraphName } from "./lockNames";

type TagsProps = { live: Live; documentId: string | undefined };

/** In the gutter: a tick and words at each agreed paragraph and, for the chair, what to do with the one at hand. */
export function LockTags({ live, documentId }: TagsProps) {
  const presides = documentId !== undefined && may("preside");
  const locks = live.locks.value;
  const focus = live.focus.value;
  const hovered = useAtHand(live, presides);
  const caret = live.caret.value?.paragraph ?? null;
  const handle = presides ? (hovered ?? caret) : null;
  const wanted = [...locks.keys(), ...(handle !== null && !locks.has(handle) ? [handle] : [])];
  const tops = useTops(live, focus === null ? wanted : [...wanted, focus]);
  const text = t().locks;
  return (
    <div class="lock-tags">
      {wanted.map((id) => {
        const top = tops.get(id);
        const lock = locks.get(id);
        if (top === undefined) return null;
        return (
          <div key={id} class={lock ? "lock-tag" : "lock-handle"} style={{ insetBlockStart: `${top}px` }}>
            <Disclosure
              className={lock ? "lock-face" : "button quiet square"}
              label={
                lock
                  ? text.tagOf(paragraphName(live, id), lockSentence(live, lock))
                  : text.actions(paragraphName(live, id))
              }
              face={
                <>
                  <Icon name="check" />
                  {lock && <span>{text.status[lock.status]}</span>}
                </>
              }
            >
              {(close) =>
                presides ? (
                  <div class="settle-menu">
                    <ParagraphActs live={live} documentId={documentId} paragraph={id} close={close} />
                  </div>
                ) : (
                  lock && <p>{lockSentence(live, lock)}</p>
                )
              }
            </Disclosure>
          </div>
        );
      })}
      {focus !== null && tops.has(focus) && (
        <p class="focus-tag" style={{ insetBlockStart: `${tops.get(focus)}px` }}>
          <Icon name="screen" />
          {text.here}
        </p>
      )}
    </div>
  );
}

/** How far down these paragraphs begin. Placed anew when the text changes, fonts come or lines wrap. */
function useTops(live: Live, ids: readonly string[]): ReadonlyMap<string, number> {
  const [tops, setTops] = useState<ReadonlyMap<string, number>>(new Map());
  const paragraphs = live.paragraphs.value;
  const key = ids.join(" ");
  useLayoutEffect(() => {
    const place = () =>
      setTops(
        new Map(
          ids.flatMap((id) => {
            const element = live.editor?.element(id);
            return element ? [[id, element.offsetTop] as const] : [];
          }),
        ),
      );
    place();
    const text = live.editor?.view.dom;
    if (!text) return;
    const watch = new ResizeObserver(place);
    watch.observe(text);
    return () => watch.disconnect();
  }, [live, key, paragraphs]);
  return tops;
}
