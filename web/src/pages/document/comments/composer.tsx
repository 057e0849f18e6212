import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { DelegationChip } from "../../../parts/delegation";
import { Icon } from "../../../parts/icon";
import { t } from "../../../text/language";
import type { Comments } from "./comments";
import type { Draft, What } from "./drafts";
import { candidates, mentionAt, mentioned } from "./mention";
import { charactersOf, LONGEST_BODY, printable } from "./thread";

const NEAR = 500; // characters before the longest from which on those left are counted

type ComposerProps = {
  comments: Comments;
  what: What;
  label: string;
  /** What the button says; a new thread's says who will see it. */
  action?: string;
  /** Words to begin with, where nothing was written yet. */
  start?: string;
  /** One's delegation, where the thread may be for it alone. */
  ours?: string | null;
  onDone?: () => void;
};

/** Where a comment is written. What stands in it is kept on this device until it is posted or discarded. */
export function Composer({ comments, what, label, action, start = "", ours = null, onDone }: ComposerProps) {
  const text = t().comments;
  const act = useAct();
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState<Draft>(() => {
    const known = comments.draft(what);
    return known.body === "" ? { ...known, body: start } : known;
  });
  const [kept, setKept] = useState(true);
  const id = useId();
  const change = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next });
    setKept(comments.write(what, next));
  };
  const over = charactersOf(draft.body) - LONGEST_BODY;
  const empty = draft.body.trim() === "";
  const focusThere = comments.wanted.value;
  const meant = focusThere?.part === "reply" && `reply/${focusThere.thread}` === what;
  const begun = focusThere?.thread === what;

  useLayoutEffect(() => {
    if (!meant && !begun) return;
    field.current?.focus();
    field.current?.scrollIntoView({ block: "nearest" });
    comments.wanted.value = null;
  }, [comments, meant, begun]);
  useLayoutEffect(() => {
    if (what.startsWith("edit/")) field.current?.focus();
  }, [what]);

  const done = () => {
    comments.forget(what);
    onDone?.();
  };
  const post = () => {
    if (empty || over > 0 || act.busy) return;
    if (comments.draft(what).body !== draft.body) comments.write(what, { body: draft.body }); // not one letter changed
    void act.run(async () => {
      await comments.post(what);
      announce(text.posted);
      onDone?.();
    });
  };
  return (
    <form
      class={`composer ${draft.visibility === "delegation" ? "private" : ""}`}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        post();
      }}
    >
      {draft.quote !== null && (
        <div class="composer-quote">
          <blockquote class="thread-quote" dir="auto">
            {draft.quote}
          </blockquote>
          <button
            type="button"
            class="button quiet square small"
            aria-label={text.dropQuote}
            title={text.dropQuote}
            onClick={() => change({ quote: null })}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
      <Writing
        comments={comments}
        field={field}
        label={label}
        described={`${id}-hint ${id}-state`}
        invalid={over > 0}
        body={draft.body}
        onChange={(body) => change({ body: printable(body) })}
        onPost={post}
        onLeave={() => {
          if (empty) done();
          else field.current?.closest<HTMLElement>("[tabindex]")?.focus();
        }}
      />
      <p class="off-screen" id={`${id}-hint`}>
        {text.bodyHint}
      </p>
      {ours !== null && (
        <fieldset class="composer-for">
          <legend class="off-screen">{text.visibility}</legend>
          {(["all", "delegation"] as const).map((visibility) => (
            <label key={visibility}>
              <input
                type="radio"
                name={id}
                checked={draft.visibility === visibility}
                onChange={() => change({ visibility })}
              />
              {visibility === "all" ? text.toAll : text.toOurs(ours)}
            </label>
          ))}
        </fieldset>
      )}
      <div id={`${id}-state`}>
        {over > 0 && <p class="error">{text.tooLong(over)}</p>}
        {over <= 0 && over > -NEAR && <p class="muted">{text.left(-over)}</p>}
        {!kept && <p class="error">{text.notKept}</p>}
      </div>
      {act.problem && (
        <p class="error" role="alert">
          {text.notPosted} {act.problem}
        </p>
      )}
      <div class="composer-acts">
        <button type="submit" class="button primary small" disabled={empty || over > 0 || act.busy}>
          {act.busy
            ? text.posting
            : (action ?? (ours !== null && draft.visibility === "delegation" ? text.postToOurs(ours) : text.postToAll))}
        </button>
        <button type="button" class="button quiet small" onClick={done}>
          {empty || draft.body === start ? text.cancel : text.discard}
        </button>
      </div>
    </form>
  );
}

type WritingProps = {
  comments: Comments;
  field: { current: HTMLTextAreaElement | null };
  label: string;
  described: string;
  invalid: boolean;
  body: string;
  onChange: (body: string) => void;
  onPost: () => void;
  onLeave: () => void;
};

/** The field itself, with the delegations that an "@" may mean below it. */
function Writing({ comments, field, label, described, invalid, body, onChange, onPost, onLeave }: WritingProps) {
  const list = useId();
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const begun = caret === null ? null : mentionAt(body, caret);
  const found = begun === null ? [] : candidates(comments.live.delegations, begun.begun);
  const choose = (code: string | undefined) => {
    if (begun === null || caret === null || code === undefined) return;
    const next = mentioned(body, { from: begun.from, caret, code });
    if (field.current) {
      field.current.value = next.body; // at once: the next key may follow before anything is drawn
      field.current.setSelectionRange(next.caret, next.caret);
    }
    onChange(next.body);
    setCaret(null);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const listed = found.length > 0;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onPost();
    else if (event.key === "Escape" && listed) setCaret(null);
    else if (event.key === "Escape") onLeave();
    else if (listed && event.key === "ArrowDown") setChosen((chosen + 1) % found.length);
    else if (listed && event.key === "ArrowUp") setChosen((chosen + found.length - 1) % found.length);
    else if (listed && (event.key === "Enter" || event.key === "Tab") && !event.shiftKey) choose(found[chosen]?.code);
    else {
      event.stopPropagation(); // no key of the thread around it
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="composer-field">
      <textarea
        ref={field}
        class="composer-body"
        rows={2}
        dir="auto"
        aria-label={label}
        aria-describedby={described}
        aria-invalid={invalid}
        aria-autocomplete="list"
        aria-controls={found.length > 0 ? list : undefined}
        aria-activedescendant={found.length > 0 ? `${list}-${chosen}` : undefined}
        value={body}
        onInput={({ currentTarget }) => {
          onChange(currentTarget.value);
          setCaret(currentTarget.selectionEnd);
          setChosen(0);
        }}
        onKeyDown={pressed}
        onBlur={() => setCaret(null)}
      />
      {found.length > 0 && (
        <div class="mention-list" role="listbox" id={list} aria-label={t().comments.mentions}>
          {found.map(({ code, name }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
            <div
              key={code}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === chosen}
              tabIndex={-1}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(code)}
            >
              <DelegationChip code={code} name={name} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
