import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../../api";
import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { Dialog } from "../../../parts/dialog";
import { Choice, Field } from "../../../parts/field";
import { t } from "../../../text/language";
import type { Live } from "../live";
import { paragraphName } from "../lockNames";
import { wordDiff } from "../wordDiff";
import type { Brackets } from "./brackets";
import { calls, type Outcome, type Preview } from "./calls";
import type { Issue } from "./issues";
import { bracketProblem } from "./names";

/** Milliseconds without a key after which the result of other words is asked for. */
const PAUSE = 300;

type Props = { live: Live; brackets: Brackets; id: string; onClose: () => void };

/** The chair settles a bracket, and sees first how the text will read. */
export function ResolveDialog({ live, brackets, id, onClose }: Props) {
  const issue = brackets.issue(id);
  const text = t().brackets;
  if (issue === undefined)
    return (
      <Dialog title={text.resolveTitle} onClose={onClose}>
        <p>{text.gone}</p>
      </Dialog>
    );
  return (
    <Dialog title={text.resolveTitle} size="large" onClose={onClose}>
      <Deciding live={live} brackets={brackets} issue={issue} onClose={onClose} />
    </Dialog>
  );
}

function Deciding({ live, brackets, issue, onClose }: Omit<Props, "id"> & { issue: Issue }) {
  const text = t().brackets;
  const inRun = issue.members > 1;
  const [outcome, setOutcome] = useState<Outcome>(inRun && issue.runClass === "alternatives" ? "choose" : "keep");
  const [words, setWords] = useState("");
  const [confirmed, confirm] = useState(false);
  const act = useAct();
  const seen = usePreview(brackets, issue, outcome, words);
  const [changed, setChanged] = useState(false);
  const [refused, setRefused] = useState("");
  const outcomes = (["keep", "delete", "replace", "choose"] as const).filter((each) => each !== "choose" || inRun);
  const asks = outcome === "choose";
  const decide = () =>
    act.run(async () => {
      if (seen.preview === null) return;
      try {
        await calls.resolve(brackets.documentId, issue.id, outcome, wordsOf(outcome, words), seen.preview.expect);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (problem.code !== "text_changed") setRefused(bracketProblem(problem));
        else {
          setChanged(true);
          seen.again();
        }
        return;
      }
      announce(text.resolved);
      onClose();
    });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void decide();
      }}
    >
      <blockquote class="bracket-text" dir="auto">
        {issue.text}
      </blockquote>
      <Choice
        legend={text.outcome}
        name="outcome"
        value={outcome}
        options={outcomes.map((value) => ({ value, ...text.outcomes[value] }))}
        onChange={setOutcome}
      />
      {outcome === "replace" && (
        <Field label={text.newText}>
          {(control) => (
            <textarea
              {...control}
              rows={3}
              dir="auto"
              value={words}
              onInput={(event) => setWords(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      {asks && (
        <div class="notice warn">
          <p>{text.asAlternatives}</p>
          <label class="check">
            <input type="checkbox" checked={confirmed} onChange={(event) => confirm(event.currentTarget.checked)} />
            {text.confirmAlternatives}
          </label>
        </div>
      )}
      {changed && (
        <p class="notice warn" role="alert">
          {text.textChanged}
        </p>
      )}
      <Result live={live} preview={seen.preview} waits={seen.waits} missing={outcome === "replace" && words === ""} />
      {(seen.problem || refused || act.problem) && (
        <p class="error" role="alert">
          {seen.problem || refused || act.problem}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {t().common.cancel}
        </button>
        <button
          type="submit"
          class="button primary"
          disabled={act.busy || seen.waits || seen.preview === null || (asks && !confirmed)}
        >
          {text.resolve}
        </button>
      </div>
    </form>
  );
}

const wordsOf = (outcome: Outcome, words: string) => (outcome === "replace" ? words : undefined);

/** How the text would read, from the server: asked again when the bracket or the wish changes. */
function usePreview(brackets: Brackets, issue: Issue, outcome: Outcome, words: string) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState("");
  const [waits, setWaits] = useState(true);
  const [round, setRound] = useState(0);
  const wish = outcome === "replace" ? words : "";
  useEffect(() => {
    let over = false;
    setWaits(true);
    if (outcome === "replace" && wish === "") setPreview(null);
    const ask = async () => {
      try {
        const found = await calls.preview(brackets.documentId, issue.id, outcome, wordsOf(outcome, wish));
        if (over) return;
        setPreview(found);
        setProblem("");
      } catch (failure) {
        if (!(failure instanceof Problem)) throw failure;
        if (over) return;
        setPreview(null);
        setProblem(bracketProblem(failure));
      }
      setWaits(false);
    };
    const timer = setTimeout(() => void ask(), outcome === "replace" ? PAUSE : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [issue.id, issue.text, outcome, wish, round]);
  return { preview, problem, waits, again: () => setRound(round + 1) };
}

type ResultProps = { live: Live; preview: Preview | null; waits: boolean; missing: boolean };

function Result({ live, preview, waits, missing }: ResultProps) {
  const text = t().brackets;
  return (
    <section class="result" aria-label={text.result} aria-busy={waits}>
      <h3>{text.result}</h3>
      {preview === null && <p class="muted">{missing ? text.noResult : text.previewing}</p>}
      {preview?.paragraphs.map(({ id, before, after }) => (
        <figure key={id} class="settle-text" dir="auto">
          <figcaption>{text.resultOf(paragraphName(live, id))}</figcaption>
          {after === null ? (
            <p class="muted">{text.paragraphGone}</p>
          ) : (
            <>
              <p class="result-after">{after}</p>
              <p class="result-diff">
                {wordDiff(before, after).map(({ op, text: piece }, index) => {
                  const Tag = op === "+" ? "ins" : op === "-" ? "del" : "span";
                  return <Tag key={index}>{piece}</Tag>;
                })}
              </p>
            </>
          )}
        </figure>
      ))}
    </section>
  );
}
