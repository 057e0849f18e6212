/**
 * Tells when an input method composes. A change that lands in the text being composed makes browsers double it, so
 * what others write waits until the composition is over.
 */
import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

/** ProseMirror reads the composed text up to 20 ms after its end. */
const SETTLED = 50;
/** Keyboards of phones compose for as long as the caret stands in a word: after this pause it is ended. */
const PAUSE = 10_000;

/** Losing the focus makes every browser keep what is composed, if anything is yet, and end. */
export function endComposition(view: EditorView): void {
  view.dom.blur();
  view.focus();
}

/** `refuses`: asked when a composition begins; where it says so, nothing is composed. */
export function composing(tell: (composing: boolean) => void, refuses: () => boolean = () => false): Plugin {
  let told = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (now: boolean) => {
    if (now !== told) tell(now);
    told = now;
  };
  const later = (delay: number, act: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(act, delay);
  };
  const settle = (view: EditorView): void =>
    later(SETTLED, () => {
      if (view.composing) settle(view);
      else say(false);
    });
  return new Plugin({
    props: {
      handleDOMEvents: {
        compositionstart(view) {
          if (refuses()) return true;
          say(true);
          later(PAUSE, () => endComposition(view));
          return false;
        },
        compositionupdate(view) {
          later(PAUSE, () => endComposition(view));
        },
        compositionend(view) {
          settle(view);
        },
      },
    },
    view: () => ({
      destroy() {
        clearTimeout(timer);
        say(false);
      },
    }),
  });
}
