import { useEffect, useRef } from "preact/hooks";
import { Problem } from "../../../api";
import { may } from "../../../me";
import { announce } from "../../../parts/announcer";
import { Icon } from "../../../parts/icon";
import { t } from "../../../text/language";
import type { Live } from "../live";
import { paragraphName } from "../lockNames";
import type { Brackets } from "./brackets";
import { calls } from "./calls";
import type { Issue } from "./issues";
import { bracketProblem } from "./names";
import { Positions, Stating } from "./positions";

type Props = { live: Live; brackets: Brackets };

/** The chair goes through the issues one by one: everybody who follows sees the same one, and its positions come in. */
export function RoomCall({ live, brackets }: Props) {
  const called = live.focusBracket.value;
  if (may("preside")) return brackets.calling.value ? <Calling live={live} brackets={brackets} /> : null;
  const issue = live.follows.value ? brackets.issue(called) : undefined;
  return issue ? <Called live={live} brackets={brackets} issue={issue} /> : null;
}

async function tellAll(brackets: Brackets, issue: Issue | null): Promise<void> {
  try {
    await calls.show(brackets.documentId, issue?.paragraph ?? null, issue?.id ?? null);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    announce(bracketProblem(problem));
  }
}

function Calling({ live, brackets }: Props) {
  const text = t().brackets;
  const all = brackets.calls;
  const called = live.focusBracket.value;
  const at = all.findIndex(({ id }) => id === called);
  const issue = all[at];
  const call = (index: number) => {
    const next = all[index];
    if (next === undefined) return;
    brackets.go(next.id);
    void tellAll(brackets, next);
  };
  const end = () => {
    brackets.calling.value = false;
    void tellAll(brackets, null);
  };
  // The call begins where the chair is, or with the first, once the text is there.
  const any = all.length > 0;
  const begun = useRef(false);
  useEffect(() => {
    if (!any || begun.current) return;
    begun.current = true;
    const here = all.findIndex(({ id }) => id === brackets.current.value);
    if (at < 0) call(Math.max(0, here));
  }, [any]);
  return (
    <section class="room-call" aria-label={text.call} data-region="call" tabIndex={-1}>
      <header class="room-call-head">
        <h2>{at < 0 ? text.call : text.callOf(at + 1, all.length)}</h2>
        <button
          type="button"
          class="button quiet square"
          aria-label={text.previousIssue}
          title={text.previousIssue}
          disabled={at <= 0}
          onClick={() => call(at - 1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="button primary"
          disabled={all.length === 0 || at >= all.length - 1}
          onClick={() => call(at + 1)}
        >
          {text.nextIssue}
        </button>
        <button type="button" class="button" onClick={end}>
          {text.endCall}
        </button>
      </header>
      {issue ? (
        <>
          <Words live={live} issue={issue} />
          <Positions live={live} brackets={brackets} issue={issue} />
          <Stating key={issue.id} live={live} brackets={brackets} issue={issue} />
          <button
            type="button"
            class="button"
            onClick={() => {
              brackets.opened.value = { what: "resolve", id: issue.id };
            }}
          >
            {text.resolve}
          </button>
        </>
      ) : (
        <p class="muted">{all.length === 0 ? text.callDone : text.gone}</p>
      )}
    </section>
  );
}

/** The same for those who follow, with what they may say. */
function Called({ live, brackets, issue }: Props & { issue: Issue }) {
  const text = t().brackets;
  useMarked(live, brackets, issue);
  return (
    <section class="room-call" aria-label={text.nowDiscussed} data-region="call" tabIndex={-1}>
      <header class="room-call-head">
        <h2>{text.nowDiscussed}</h2>
      </header>
      <Words live={live} issue={issue} />
      <Positions live={live} brackets={brackets} issue={issue} />
      <Stating key={issue.id} live={live} brackets={brackets} issue={issue} />
    </section>
  );
}

/** Marks what is called in the text, and shows it above the panel, for which there is room by now. */
function useMarked(live: Live, brackets: Brackets, { id, paragraph }: Issue): void {
  useEffect(() => {
    brackets.current.value = id;
    live.editor?.element(paragraph)?.scrollIntoView({ block: "center" });
    return () => {
      if (brackets.current.value === id) brackets.current.value = null;
    };
  }, [live, brackets, id]);
}

export function Words({ live, issue }: { live: Live; issue: Issue }) {
  return (
    <>
      <p class="muted">{paragraphName(live, issue.paragraph)}</p>
      <blockquote class="bracket-text" dir="auto">
        {issue.text}
      </blockquote>
      {issue.runClass && <p class="muted">{t().brackets.runs[issue.runClass]}</p>}
    </>
  );
}

/** On the screen in the room: the issue that is called, and what has been said of it. */
export function CalledOnScreen({ live, brackets }: Props) {
  const issue = brackets.issue(live.focusBracket.value);
  return issue ? <Screen live={live} brackets={brackets} issue={issue} /> : null;
}

function Screen({ live, brackets, issue }: Props & { issue: Issue }) {
  useMarked(live, brackets, issue);
  return (
    <aside class="screen-call" aria-label={t().brackets.nowDiscussed}>
      <Words live={live} issue={issue} />
      <Positions live={live} brackets={brackets} issue={issue} />
    </aside>
  );
}
