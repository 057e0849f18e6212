import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { Dialog } from "../../../parts/dialog";
import { useLoaded } from "../../../parts/loaded";
import { moment, t } from "../../../text/language";
import type { Snapshot } from "../history/snapshots";
import { type File, save } from "../papers/papers";
import { proofs, type Stated } from "./proofs";

const SHOWN = 30; // deletions; all of them are in the proof

type ProofProps = { snapshot: Snapshot & { label: string }; onClose: () => void };

/** What the server has signed of a labelled snapshot, and the means to check it anywhere. */
export function ProofDialog({ snapshot, onClose }: ProofProps) {
  const loaded = useLoaded(snapshot.id, () => proofs.statement(snapshot.id));
  const act = useAct();
  const text = t().proof;
  const hand = (fetchIt: () => Promise<File>) =>
    act.run(async () => {
      const file = await fetchIt();
      save(file);
      announce(text.saved(file.name));
    });
  return (
    <Dialog title={text.title(snapshot.label)} onClose={onClose} size="large">
      <p>{text.intro}</p>
      {loaded.problem && (
        <p class="error" role="alert">
          {text.failed}
        </p>
      )}
      {!loaded.problem && !loaded.value && <p class="muted">{t().common.loading}</p>}
      {loaded.value && <Statement stated={loaded.value} />}
      {act.problem && (
        <p class="error" role="alert">
          {act.problem}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" disabled={act.busy} onClick={() => void hand(proofs.checker)}>
          {text.checker}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={act.busy || !loaded.value}
          onClick={() => void hand(() => proofs.proof(snapshot.id))}
        >
          {act.busy ? text.packing : text.save}
        </button>
      </div>
    </Dialog>
  );
}

function Statement({ stated }: { stated: Stated }) {
  const text = t().proof;
  const { facts, named } = stated;
  const who = (id: string) => {
    const person = named.people[id];
    return person ? [person.name, person.delegation && `(${person.delegation})`].filter(Boolean).join(" ") : id;
  };
  return (
    <>
      <dl class="proof-facts">
        <dt>{text.signed}</dt>
        <dd>{moment(stated.signed_at)}</dd>
        <dt>{text.stated}</dt>
        <dd>
          {text.paragraphs(facts.paragraphs.length)} · {text.locks(facts.locks.length)} ·{" "}
          {text.pairs(facts.counts.pairs)}
        </dd>
        <dt>{text.key}</dt>
        <dd>
          <code>{stated.key}</code>
          <span class="muted">{text.keyHint}</span>
        </dd>
        <dt>{text.hash(facts.record.seq)}</dt>
        <dd>
          <code>{facts.record.hash}</code>
        </dd>
      </dl>
      <h3>{facts.before ? text.deletions(facts.deletions.length, facts.before.label) : text.first}</h3>
      <ul class="proof-deletions">
        {facts.deletions.slice(0, SHOWN).map((one) => (
          <li key={`${one.from.seq} ${one.to.seq} ${one.text}`}>
            <del dir="auto">{one.text.replaceAll("\n", "¶ ")}</del>
            <span class="muted">{text.by(who(one.by), moment(one.to.at))}</span>
          </li>
        ))}
      </ul>
      {facts.deletions.length > SHOWN && <p class="muted">{text.more(facts.deletions.length - SHOWN)}</p>}
    </>
  );
}
