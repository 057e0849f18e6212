import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Draft, Meeting, Participant } from "../../api";
import type { State } from "../../connection/status";
import { may, whoAmI } from "../../me";
import { useLoaded } from "../../parts/loaded";
import { SkipLink } from "../../parts/shell";
import { paths, visit } from "../../route";
import { t } from "../../text/language";
import { nameThePage } from "../../title";
import { unsaved } from "../../unsaved";
import { Failed, NotFound } from "../messages";
import { useAnnouncements } from "./announcements";
import { Banners } from "./banners";
import { BracketDialogs } from "./brackets/dialogs";
import { useBracketKeys, useBrackets } from "./brackets/effects";
import { RoomCall } from "./brackets/roomCall";
import { useChairKeys } from "./chair";
import { Badges } from "./comments/badges";
import { beginAtHand, CommentEffects, useComments } from "./comments/effects";
import { Margin } from "./comments/margin";
import { SinceYouLeft } from "./comments/since";
import { show, useDeepLinks } from "./deepLinks";
import { useFollowing, useSettledAloud } from "./following";
import { GoTo } from "./goTo";
import { Help } from "./help";
import { nextRegion, usePageKeys } from "./keys";
import { Live } from "./live";
import { type Opened, openDocument } from "./opened";
import { ExportDialog } from "./papers/exportDialog";
import { BracketDrawer, Rail, RailDrawer, showBrackets } from "./rail";
import { Settling } from "./settling";
import { Sheet } from "./sheet";
import { Tabs, useView } from "./tabs";
import { TopBar } from "./topBar";
import { Tray } from "./tray";
import { Whose } from "./whose";

const NO_SUCH_DOCUMENT = 4404; // close code: contract W7
const FINAL: ReadonlySet<State> = new Set(["signedout", "refused"]); // nothing typed after this would ever be saved

export function DocumentPage({ id }: { id: string }) {
  const opened = useLoaded(id, () => openDocument(id));
  if (opened.problem && !opened.value) return <Failed problem={opened.problem} />;
  if (!opened.value) return <p class="opening">{t().common.loading}</p>;
  return <OpenDocument {...opened.value} />;
}

/** The parts read the signals of `live` each for itself, so that a keystroke draws anew only what it changes. */
function OpenDocument({ draft, meeting }: Opened) {
  const live = useLive(draft, meeting);
  const comments = useComments(live, draft.id);
  const brackets = useBrackets(live, draft.id, meeting.delegations);
  const page = useRef<HTMLDivElement>(null);
  const [dialog, setDialog] = useState<"help" | "goTo" | "outline" | "brackets" | "export">();
  const close = () => setDialog(undefined);
  const frozen = live.frozen.value;
  const over = useComputed(() => FINAL.has(live.status.value.state));
  const editable = may("edit") && !frozen && !over.value;
  const issues = useComputed(() => brackets.text.value.counts.issues);
  const gone = useComputed(() => live.status.value.code === NO_SUCH_DOCUMENT);
  const go = useDeepLinks(live);

  useEffect(() => nameThePage([draft.symbol, draft.title].filter(Boolean).join(" ")), [draft]);
  useEffect(() => {
    live.editor?.setEditable(editable);
    live.connection.setReadonly(!editable);
    brackets.editable.value = editable;
  }, [live, brackets, editable]);
  useView(live.view, page);
  useAnnouncements(live);
  useSettledAloud(live);
  useFollowing(live);
  useChairKeys(live, draft.id);
  useBracketKeys(live, brackets);
  usePageKeys({
    onHelp: () => setDialog("help"),
    onGoTo: () => setDialog("goTo"),
    onPast: () => visit(paths.past(draft.id)),
    onExport: () => setDialog("export"),
    onRegion: (step) => focusRegion(live, editable, nextRegion(step)),
  });

  if (gone.value) return <NotFound />;
  return (
    <div class="document" ref={page}>
      <SkipLink />
      <TopBar
        draft={draft}
        live={live}
        comments={comments}
        brackets={brackets}
        onBrackets={() => showBrackets(live, () => setDialog("brackets"))}
        onOutline={() => setDialog("outline")}
        onExport={() => setDialog("export")}
        onHelp={() => setDialog("help")}
      />
      <div class="document-body">
        <Rail live={live} documentId={draft.id} brackets={brackets} onGo={go} />
        <main id="content" class="desk" aria-label={t().document.regions.page} data-region="page" tabIndex={-1}>
          <Banners live={live} frozen={frozen} />
          <Sheet live={live} documentId={draft.id} editable={editable}>
            <Badges comments={comments} />
          </Sheet>
        </main>
        <CommentEffects comments={comments} />
        <Margin comments={comments} onNew={() => beginAtHand(comments)} />
        <Tray live={live} comments={comments} />
      </div>
      <RoomCall live={live} brackets={brackets} />
      <SinceYouLeft comments={comments} onShow={(id) => show(live, id)} />
      <Tabs view={live.view} counts={{ comments: comments.unread, brackets: issues }} />
      <Whose live={live} documentId={draft.id} />
      <Settling live={live} documentId={draft.id} />
      <BracketDialogs live={live} brackets={brackets} />
      {dialog === "help" && <Help editable={editable} onClose={close} />}
      {dialog === "goTo" && <GoTo paragraphs={live.editor?.paragraphs() ?? []} onGo={go} onClose={close} />}
      {dialog === "brackets" && <BracketDrawer live={live} brackets={brackets} onClose={close} />}
      {dialog === "export" && <ExportDialog documentId={draft.id} onClose={close} />}
      {dialog === "outline" && <RailDrawer live={live} documentId={draft.id} onGo={go} onClose={close} />}
    </div>
  );
}

/** The document as it lives while the page shows it. What is unsaved in it guards the leaving of the page. */
function useLive(draft: Draft, meeting: Meeting): Live {
  const [live] = useState(
    () =>
      new Live({
        documentId: draft.id,
        participantId: whoAmI().participant.id,
        readonly: !may("edit") || draft.frozen,
        frozen: draft.frozen,
        follows: !may("edit"),
        delegations: meeting.delegations,
        bracketTag: tagOf(whoAmI().participant),
      }),
  );
  useEffect(() => {
    const stop = live.status.subscribe((status) => {
      unsaved.value = status.unsaved;
    });
    return () => {
      stop();
      unsaved.value = 0;
      live.close();
    };
  }, [live]);
  return live;
}

/** What brackets that are made by command begin with: a delegate speaks for a delegation. */
const tagOf = ({ role, delegation }: Participant): string =>
  role === "delegate" && delegation ? `${delegation}: ` : "";

function focusRegion(live: Live, editable: boolean, region: HTMLElement | undefined): void {
  if (region?.dataset.region === "page" && editable) live.editor?.focus();
  else region?.focus();
}
