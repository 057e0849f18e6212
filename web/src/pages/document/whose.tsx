import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { EditorView } from "prosemirror-view";
import { Problem } from "../../api";
import { signedOut } from "../../me";
import { announce } from "../../parts/announcer";
import { t } from "../../text/language";
import { type Attribution, past, type Words } from "../past/calls";
import { partiesOf, signature } from "../past/parties";
import type { Live } from "./live";

const REST = 300; // milliseconds that the pointer or the caret must rest
const FRESH = 3000; // milliseconds for which an answer is not asked for again

/** A place in the text: in UTF-16 units of a paragraph's text, as the editor and JavaScript count. */
type Spot = { paragraph: string; at: number; text: string };

/** While it is on: whose the word under the pointer, or at the caret, is. */
export function Whose({ live, documentId }: { live: Live; documentId: string }) {
  const [said, setSaid] = useState("");
  const parties = useMemo(() => partiesOf(live.delegations), [live]);
  const ask = useMemo(() => asking(documentId), [documentId]);
  const on = live.whose.value;
  useWhoseKey(live);
  useEffect(() => {
    const view = live.editor?.view;
    if (!on || !view) return setSaid("");
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const look = (spot: () => Spot | null) => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const here = spot();
        const found = here && (await ask(here));
        setSaid(found ? signature(parties, { delegation: found.delegation, name: found.name }, found.at) : "");
      }, REST);
    };
    const hovered = (event: PointerEvent) => look(() => spotAt(view, event));
    const left = () => look(() => null);
    const moved = () => document.activeElement === view.dom && look(() => spotOf(view, view.state.selection.head));
    view.dom.addEventListener("pointermove", hovered);
    view.dom.addEventListener("pointerleave", left);
    document.addEventListener("selectionchange", moved);
    return () => {
      clearTimeout(waiting);
      view.dom.removeEventListener("pointermove", hovered);
      view.dom.removeEventListener("pointerleave", left);
      document.removeEventListener("selectionchange", moved);
    };
  }, [on, live, live.opened.value, parties, ask]);
  return (
    <p class="past-detail" role="status" hidden={said === ""}>
      <bdi>{said}</bdi>
    </p>
  );
}

/** Ctrl+Alt+W, by its place on the keyboard. */
function useWhoseKey(live: Live): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.code !== "KeyW" || !(event.ctrlKey || event.metaKey) || !event.altKey || event.shiftKey) return;
      if (event.getModifierState("AltGraph") || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      live.whose.value = !live.whose.value;
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [live]);
  useSignalEffect(() => {
    if (live.whose.value) announce(t().past.whoseOn);
  });
}

function spotAt(view: EditorView, { clientX, clientY }: PointerEvent): Spot | null {
  const found = view.posAtCoords({ left: clientX, top: clientY });
  return found && found.inside >= 0 ? spotOf(view, found.pos) : null;
}

function spotOf(view: EditorView, pos: number): Spot | null {
  const at = view.state.doc.resolve(pos);
  const element = at.depth > 0 ? view.dom.children[at.index(0)] : undefined;
  if (!element?.id.startsWith("p-")) return null;
  return { paragraph: element.id.slice(2), at: at.parentOffset, text: at.parent.textContent };
}

type Found = Words & { name: string };

/** Asks the server for a paragraph at a time; what is typed and not saved yet is nobody's for the moment. */
function asking(documentId: string): (spot: Spot) => Promise<Found | null> {
  const known = new Map<string, { at: number; answer: Attribution }>();
  const fetched = async (paragraph: string): Promise<Attribution | null> => {
    const before = known.get(paragraph);
    if (before && Date.now() - before.at < FRESH) return before.answer;
    try {
      const answer = await past.attribution(documentId, "head", paragraph);
      known.set(paragraph, { at: Date.now(), answer });
      return answer;
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (failure.status === 401) signedOut();
      return null;
    }
  };
  return async ({ paragraph, at, text }) => {
    const reads = (answer: Attribution | null) => answer?.paragraphs[0]?.runs.map((run) => run.text).join("") === text;
    let answer = await fetched(paragraph);
    if (!reads(answer)) {
      known.delete(paragraph);
      answer = await fetched(paragraph);
    }
    return answer && reads(answer) ? wordsAt(answer, at) : null;
  };
}

/** Whose the character behind a place is; at the end, the one before it. */
export function wordsAt({ paragraphs, participants }: Attribution, at: number): Found | null {
  let left = at;
  const runs = paragraphs[0]?.runs ?? [];
  const words =
    runs.find((run) => {
      left -= run.text.length;
      return left < 0;
    }) ?? runs.at(-1);
  if (!words) return null;
  return { ...words, name: participants.find((one) => one.id === words.participant)?.name ?? "" };
}
