import { useEffect } from "preact/hooks";
import { api, Problem } from "../../api";
import { may } from "../../me";
import { problemText } from "../../parts/act";
import { announce } from "../../parts/announcer";
import { t } from "../../text/language";
import type { Live } from "./live";
import { paragraphAt } from "./rail";

const LINE = 160; // pixels below the top of the window: where one reads

/** The paragraph that the chair means: that of the caret, else the one being read. */
export const placeOf = (live: Live): string | null => live.caret.value?.paragraph ?? paragraphAt(LINE);

/** Takes everybody who follows to this paragraph; once more: no longer. */
export async function showEveryone(live: Live, documentId: string, paragraph: string): Promise<void> {
  const next = live.focus.value === paragraph ? null : paragraph;
  try {
    await api.setFocus(documentId, next);
    announce(next === null ? t().locks.notShown : t().locks.shown);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    announce(problemText(problem));
  }
}

/** Ctrl+Alt and a letter, by its place on the keyboard. AltGr types a letter, and is none of these. */
export function useChairKeys(live: Live, documentId: string): void {
  useEffect(() => {
    const acts: Record<string, (paragraph: string) => unknown> = {
      KeyA: (paragraph) => ask(live, "agreed", paragraph),
      KeyR: (paragraph) => ask(live, "agreed_ad_ref", paragraph),
      KeyO: (paragraph) => ask(live, "reopen", paragraph),
      KeyF: (paragraph) => showEveryone(live, documentId, paragraph),
    };
    const pressed = (event: KeyboardEvent) => {
      const act = acts[event.code];
      const chord = (event.ctrlKey || event.metaKey) && event.altKey && !event.shiftKey;
      if (!act || !chord || event.getModifierState("AltGraph") || document.querySelector("dialog[open]")) return;
      if (!may("preside")) return;
      event.preventDefault();
      const place = placeOf(live);
      if (place === null) announce(t().locks.noPlace);
      else act(place);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [live, documentId]);
}

/** What is so already is not asked for again. */
export function ask(live: Live, act: "agreed" | "agreed_ad_ref" | "reopen", paragraph: string): void {
  const status = live.locks.value.get(paragraph)?.status;
  if (status === act || (act === "reopen" && status === undefined)) return;
  live.asked.value = { act, paragraph };
}
