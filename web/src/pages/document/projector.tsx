import { useEffect, useState } from "preact/hooks";
import { whoAmI } from "../../me";
import { useLoaded } from "../../parts/loaded";
import { t } from "../../text/language";
import { nameThePage } from "../../title";
import { Failed } from "../messages";
import { useBrackets } from "./brackets/effects";
import { CalledOnScreen } from "./brackets/roomCall";
import { useFollowing } from "./following";
import { Live } from "./live";
import { type Opened, openDocument } from "./opened";
import { Sheet } from "./sheet";

/** The document for the screen in the room: large type and nothing else. It comes back by itself and asks nothing. */
export function Projector({ id }: { id: string }) {
  const opened = useLoaded(id, () => openDocument(id));
  if (opened.problem && !opened.value) return <Failed problem={opened.problem} />;
  return opened.value ? <Screen {...opened.value} /> : null;
}

function Screen({ draft, meeting }: Opened) {
  const [live] = useState(
    () =>
      new Live({
        documentId: draft.id,
        participantId: whoAmI().participant.id,
        readonly: true,
        frozen: draft.frozen,
        follows: true,
        delegations: meeting.delegations,
        bracketTag: "",
      }),
  );
  const brackets = useBrackets(live, draft.id, meeting.delegations);
  const { state } = live.status.value;
  useFollowing(live);
  useEffect(() => () => live.close(), [live]);
  useEffect(() => nameThePage(draft.title), [draft]);
  return (
    <main class="projector" aria-label={t().document.regions.page}>
      <h1 class="off-screen">{draft.title}</h1>
      <Sheet live={live} editable={false} />
      <CalledOnScreen live={live} brackets={brackets} />
      {state === "offline" && <p class="projector-note">{t().document.reconnecting}</p>}
    </main>
  );
}
