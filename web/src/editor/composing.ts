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

export function composing(tell: (composing: boolean) => void): Plugin {
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
  /** Losing the focus makes every browser keep what is composed and end. */
  const end = (view: EditorView) => {
    view.dom.blur();
    view.focus();
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
          say(true);
          later(PAUSE, () => end(view));
        },
        compositionupdate(view) {
          later(PAUSE, () => end(view));
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
