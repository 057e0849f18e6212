import { useState } from "preact/hooks";
import { useAct } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { DelegationChip } from "../../../parts/delegation";
import { Confirm } from "../../../parts/dialog";
import { clockTime, moment, t } from "../../../text/language";
import type { By } from "../lockState";
import { Body } from "./body";
import { calls } from "./calls";
import type { Comments } from "./comments";
import { Composer } from "./composer";
import type { Remark as Said } from "./thread";

type RemarkProps = {
  comments: Comments;
  said: Said;
  /** Whether its author is offered to edit or withdraw it. */
  acts: boolean;
};

/** One comment: who, when and what. */
export function Remark({ comments, said, acts }: RemarkProps) {
  const text = t().comments;
  const [editing, setEditing] = useState(comments.draft(`edit/${said.id}`).body !== "");
  const [withdrawing, setWithdrawing] = useState(false);
  const own = said.by.id === comments.reader.id && !said.withdrawn;
  return (
    <div class="remark">
      <p class="remark-head">
        <Who by={said.by} />
        <When at={said.at} />
        {said.edited_at && !said.withdrawn && (
          <span class="muted" title={text.editedAt(moment(said.edited_at))}>
            · {text.edited}
          </span>
        )}
      </p>
      {said.body === null ? (
        <p class="remark-withdrawn">{text.withdrawnBody}</p>
      ) : editing && own ? (
        <Composer
          comments={comments}
          what={`edit/${said.id}`}
          label={text.editTitle}
          action={text.save}
          start={said.body}
          onDone={() => setEditing(false)}
        />
      ) : (
        <Body live={comments.live} body={said.body} />
      )}
      {acts && own && !editing && (
        <p class="remark-acts">
          <button type="button" class="text-button" onClick={() => setEditing(true)}>
            {text.edit}
          </button>
          <button type="button" class="text-button" onClick={() => setWithdrawing(true)}>
            {text.withdraw}
          </button>
        </p>
      )}
      {withdrawing && <Withdraw comment={said.id} onClose={() => setWithdrawing(false)} />}
    </div>
  );
}

export function Who({ by }: { by: By }) {
  return (
    <span class="remark-who">
      {by.delegation && <DelegationChip code={by.delegation} />}
      <bdi>{by.name}</bdi>
    </span>
  );
}

/** Of today the hour, else the day as well. */
function When({ at }: { at: string }) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return (
    <time class="muted" dateTime={at} title={moment(at)}>
      {today ? clockTime(date) : moment(at)}
    </time>
  );
}

function Withdraw({ comment, onClose }: { comment: string; onClose: () => void }) {
  const text = t().comments;
  const act = useAct();
  return (
    <Confirm
      title={text.withdrawTitle}
      body={text.withdrawBody}
      action={text.withdraw}
      grave
      busy={act.busy}
      problem={act.problem}
      onClose={onClose}
      onConfirm={() =>
        void act.run(async () => {
          await calls.withdraw(comment);
          announce(text.withdrawn);
          onClose();
        })
      }
    />
  );
}
