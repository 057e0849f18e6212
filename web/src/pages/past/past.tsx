import { useEffect, useMemo, useState } from "preact/hooks";
import { Account } from "../../parts/account";
import { Icon } from "../../parts/icon";
import { useLoaded } from "../../parts/loaded";
import { SkipLink } from "../../parts/shell";
import { go, hash, paths } from "../../route";
import { leave } from "../../signOut";
import { t } from "../../text/language";
import { nameThePage } from "../../title";
import { snapshots } from "../document/history/snapshots";
import { type Opened, openDocument } from "../document/opened";
import { ExportDialog } from "../document/papers/exportDialog";
import { Failed } from "../messages";
import { Compare } from "./compare";
import { partiesOf } from "./parties";
import { FIRST, hashOf, NOW, type Place, placeOf } from "./place";
import { TextThen } from "./textThen";

/** What is looked at, as a paper of it. */
const pointsOf = (place: Place) =>
  place.face === "compare" ? { at: place.to, against: place.from } : { at: place.at, against: "" };

/** The past of a document: any two points of its record compared, any point of it read, and whose the words are. */
export function Past({ id }: { id: string }) {
  const opened = useLoaded(id, () => openDocument(id));
  if (opened.problem && !opened.value) return <Failed problem={opened.problem} />;
  if (!opened.value) return <p class="opening">{t().common.loading}</p>;
  return <OpenPast {...opened.value} />;
}

function OpenPast({ draft, meeting }: Opened) {
  const place = placeOf(hash.value);
  const parties = useMemo(() => partiesOf(meeting.delegations), [meeting]);
  const points = useLoaded(draft.id, () => snapshots.list(draft.id));
  const text = t().past;
  const [exporting, setExporting] = useState(false);
  const title = [draft.symbol, draft.title].filter(Boolean).join(" ");
  const visit = (to: Place) => go(paths.past(draft.id) + hashOf(to), "replace");
  useEffect(() => nameThePage(`${text.title}: ${title}`), [title, text]);
  const faces = [
    { face: "compare", href: hashOf({ face: "compare", from: FIRST, to: NOW }), label: text.compare },
    { face: "text", href: hashOf({ face: "text", at: NOW }), label: text.replay },
  ] as const;
  return (
    <>
      <SkipLink />
      <header class="bar document-bar past-bar">
        <a class="button quiet square" href={paths.document(draft.id)} aria-label={text.back} title={text.back}>
          <Icon name="back" />
        </a>
        <div class="document-name">
          {draft.symbol && <p class="symbol">{draft.symbol}</p>}
          <h1 dir="auto">{text.of(draft.title)}</h1>
        </div>
        <span class="grow" />
        <nav class="past-faces" aria-label={text.faces}>
          {faces.map(({ face, href, label }) => (
            <a key={face} href={href} aria-current={place.face === face ? "page" : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <button
          type="button"
          class="button quiet square"
          aria-label={t().papers.open}
          title={t().papers.open}
          onClick={() => setExporting(true)}
        >
          <Icon name="download" />
        </button>
        <Account onSignOut={() => void leave()} />
      </header>
      <main id="content" class={`past past-of-${place.face}`} tabIndex={-1}>
        {place.face === "compare" ? (
          <Compare documentId={draft.id} place={place} snapshots={points.value ?? []} parties={parties} onGo={visit} />
        ) : (
          <TextThen documentId={draft.id} place={place} snapshots={points.value ?? []} parties={parties} onGo={visit} />
        )}
      </main>
      {exporting && <ExportDialog documentId={draft.id} {...pointsOf(place)} onClose={() => setExporting(false)} />}
    </>
  );
}
