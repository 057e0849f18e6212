/** What the brackets of a page do by themselves and by keys. */
import { useEffect, useState } from "preact/hooks";
import type { Delegation } from "../../../api";
import { announce } from "../../../parts/announcer";
import { t } from "../../../text/language";
import type { Live } from "../live";
import { Brackets } from "./brackets";
import { excerpt } from "./names";
import { lintAt } from "./shading";

/** Made before the editor is, which is given its shading. */
export function useBrackets(live: Live, documentId: string, delegations: readonly Delegation[]): Brackets {
  const [brackets] = useState(() => {
    const made = new Brackets(live, documentId, delegations);
    live.extend({ plugins: [made.shading.plugin()], changed: () => made.readSoon() });
    return made;
  });
  useEffect(() => () => brackets.close(), [brackets]);
  useEffect(() => {
    let said = ""; // of the members of a run, which go together, one is told
    return live.connection.on("event", ({ kind, data, by, at }) => {
      if (kind !== "resolution" || at === said || (by as { id: string } | null)?.id === live.participantId) return;
      const { bracket, outcome } = data as { bracket: string; outcome: string };
      const words = brackets.words(bracket);
      const told = t().brackets.toldOutcomes[outcome];
      if (words === "" || !told) return;
      said = at;
      announce(t().brackets.told(excerpt(words, 40), told));
    });
  }, [live, brackets]);
  return brackets;
}

/** F8 and Shift+F8 go from bracket to bracket; Ctrl+. mends the lint at the caret. */
export function useBracketKeys(live: Live, brackets: Brackets): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]") || event.altKey) return;
      if (event.code === "F8" && !event.ctrlKey && !event.metaKey) {
        const issue = brackets.step(event.shiftKey ? -1 : 1);
        const text = t().brackets;
        const all = brackets.issues.value;
        announce(issue ? text.went(issue.index + 1, all.length, excerpt(issue.text, 60)) : text.none);
      } else if (event.code === "Period" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
        const state = live.editor?.view.state;
        const lint = state ? lintAt(state, state.selection.head) : null;
        if (lint === null) return;
        brackets.opened.value = { what: "lint", lint };
      } else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [live, brackets]);
}
