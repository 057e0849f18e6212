import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { Confirm } from "../../../parts/dialog";
import { Icon } from "../../../parts/icon";
import { moment, t } from "../../../text/language";
import { calls } from "./calls";
import type { Comments } from "./comments";
import { Composer } from "./composer";
import { Remark } from "./remark";
import { isOpen, mayPublish, mayResolve, type Thread } from "./thread";

type CardProps = {
  comments: Comments;
  thread: Thread;
  reading: boolean;
  /** Its paragraph as it is called; null where the card stands beside it anyway. */
  place: string | null;
};

const LATEST = 1; // replies that are shown of a thread that nobody is reading

/** A thread: the quote, what was said, and what the reader may do. All of it only while it is read. */
export function ThreadCard({ comments, thread, reading, place }: CardProps) {
  const text = t().comments;
  const card = useRef<HTMLElement>(null);
  const replying = comments.replying.value.has(thread.id);
  const { wanted } = comments;
  const asked = wanted.value?.thread === thread.id && wanted.value.part;
  useLayoutEffect(() => {
    if (!asked || asked === "reply") return;
    if (asked === "thread") card.current?.focus({ preventScroll: true });
    card.current?.scrollIntoView({ block: "nearest" });
    wanted.value = null;
  }, [asked, wanted]);

  const [first, ...replies] = thread.comments;
  const shown = reading ? replies : replies.slice(-LATEST);
  const hidden = replies.length - shown.length;
  const name = comments.nameOf(thread.paragraph);
  const open = () => {
    if (!reading) comments.goTo(thread.id);
  };
  return (
    <article
      ref={card}
      id={`thread-${thread.id}`}
      class={cardClass(thread, reading)}
      aria-label={labelOf(thread, name)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: threads are gone through one by one
      tabIndex={0}
      onClick={open}
      onKeyDown={(event) => pressed(event, comments, thread)}
    >
      {thread.unread && <span class="unread-dot" title={text.unread} />}
      <Head comments={comments} thread={thread} place={place} />
      {thread.quote && (
        <blockquote class="thread-quote" dir="auto">
          {thread.quote}
        </blockquote>
      )}
      {first && <Remark comments={comments} said={first} acts={reading} />}
      {hidden > 0 && <p class="thread-more">{text.more(hidden)}</p>}
      {shown.map((said) => (
        <Remark key={said.id} comments={comments} said={said} acts={reading} />
      ))}
      {!reading && replying && comments.draft(`reply/${thread.id}`).body !== "" && (
        <p class="thread-unsent">{text.unsentReply}</p>
      )}
      {reading && <Acts comments={comments} thread={thread} replying={replying} />}
    </article>
  );
}

function cardClass({ visibility, resolved, unread }: Thread, reading: boolean): string {
  return [
    "thread",
    reading && "reading",
    visibility === "delegation" && "private",
    resolved && "resolved",
    unread && "unread",
  ]
    .filter(Boolean)
    .join(" ");
}

function labelOf({ by, comments: said, unread, resolved }: Thread, name: string): string {
  const text = t().comments;
  return [text.thread(name, by.name, said.length), unread && text.unread, resolved && text.resolved]
    .filter(Boolean)
    .join(", ");
}

/** Keys of a thread that has the focus itself. */
function pressed(event: KeyboardEvent, comments: Comments, thread: Thread): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown") comments.step(1, thread.paragraph, thread.id);
  else if (event.key === "ArrowUp") comments.step(-1, thread.paragraph, thread.id);
  else if (event.key === "Enter") comments.goTo(thread.id);
  else if (event.key === "Escape") comments.leave(thread);
  else return;
  event.preventDefault();
}

function Head({ comments, thread, place }: Omit<CardProps, "reading">) {
  const text = t().comments;
  const ours = thread.visibility === "delegation" && thread.delegation;
  if (!ours && !thread.resolved && place === null) return null;
  return (
    <p class="thread-head">
      {place !== null && (
        <span class="thread-place" dir="auto">
          {place}
        </span>
      )}
      {ours && (
        <span class="badge private-badge" title={text.privateHint}>
          <Icon name="lock" />
          {text.privateTo(comments.live.nameOf(ours))}
        </span>
      )}
      {thread.resolved && (
        <span class="badge" title={text.resolvedBy(thread.resolved.by.name, moment(thread.resolved.at))}>
          <Icon name="check" />
          {text.resolved}
        </span>
      )}
    </p>
  );
}

type ActsProps = { comments: Comments; thread: Thread; replying: boolean };

function Acts({ comments, thread, replying }: ActsProps) {
  const text = t().comments;
  const act = useAct();
  const [publishing, setPublishing] = useState(false);
  if (!comments.mayWrite) return null;
  return (
    <>
      {replying && (
        <Composer
          comments={comments}
          what={`reply/${thread.id}`}
          label={text.replyTo(thread.by.name)}
          action={text.reply}
        />
      )}
      {act.problem && (
        <p class="error" role="alert">
          {act.problem}
        </p>
      )}
      <div class="thread-acts">
        {!replying && isOpen(thread) && (
          <button type="button" class="button quiet small" onClick={() => comments.goTo(thread.id, "reply")}>
            {text.reply}
          </button>
        )}
        {mayResolve(thread, comments.reader) && (
          <button
            type="button"
            class="button quiet small"
            disabled={act.busy}
            onClick={() => void act.run(() => comments.settle(thread))}
          >
            {thread.resolved ? text.reopen : text.resolve}
          </button>
        )}
        {mayPublish(thread, comments.reader) && (
          <button type="button" class="button quiet small" onClick={() => setPublishing(true)}>
            {text.publish}
          </button>
        )}
      </div>
      {publishing && <Publish comments={comments} thread={thread} onClose={() => setPublishing(false)} />}
    </>
  );
}

function Publish({ comments, thread, onClose }: { comments: Comments; thread: Thread; onClose: () => void }) {
  const text = t().comments;
  const act = useAct();
  return (
    <Confirm
      title={text.publishTitle}
      body={text.publishBody(comments.live.nameOf(thread.delegation ?? ""))}
      action={text.publish}
      busy={act.busy}
      problem={act.problem}
      onClose={onClose}
      onConfirm={() =>
        void act.run(async () => {
          await calls.publish(thread.id);
          announce(text.published);
          onClose();
        })
      }
    />
  );
}
