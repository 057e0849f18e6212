/** Keys → commands. */
import { type Command, Plugin } from "prosemirror-state";
import { bracket, indent, selectAll, setKind, toggleMark } from "./commands";
import { backspace, deleteSelection, enter, forwardDelete } from "./joining";
import type { Kind } from "./schema";

const MAC = typeof navigator !== "undefined" && /Mac|iP(hone|[oa]d)/.test(navigator.platform);

/** Position of a key on a US keyboard → what is printed there. */
const PRINTED: Readonly<Record<string, string>> = { BracketLeft: "[", BracketRight: "]" };

function printed(code: string): string | undefined {
  const match = /^(?:Key([A-Z])|Digit(\d))$/.exec(code);
  return match === null ? PRINTED[code] : (match[1]?.toLowerCase() ?? match[2]);
}

/**
 * The name of a key press, `Mod-Shift-z`. A Latin letter counts as its keyboard prints it (AZERTY); where a keyboard
 * prints something else (Я, ב, "é" for 2), its position counts.
 */
export function keyName(event: KeyboardEvent, mac = MAC): string {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  const latin = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : undefined;
  const key = modified ? (latin ?? printed(event.code) ?? event.key) : event.key;
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  return [mod && "Mod", other && "Other", event.altKey && "Alt", event.shiftKey && "Shift", key]
    .filter((part) => part !== false)
    .join("-");
}

const kindKeys: Record<string, Kind> = {
  "Mod-Alt-0": "body",
  "Mod-Alt-1": "title",
  "Mod-Alt-2": "heading",
  "Mod-Alt-3": "preamble",
  "Mod-Alt-4": "operative",
  "Mod-Alt-5": "item",
};

const commands: Record<string, Command> = {
  Enter: enter,
  "Shift-Enter": enter,
  Backspace: (...args) => deleteSelection(...args) || backspace(...args),
  "Shift-Backspace": (...args) => deleteSelection(...args) || backspace(...args),
  "Mod-Backspace": (...args) => deleteSelection(...args) || backspace(...args),
  Delete: (...args) => deleteSelection(...args) || forwardDelete(...args),
  "Mod-Delete": (...args) => deleteSelection(...args) || forwardDelete(...args),
  "Mod-a": selectAll,
  "Mod-b": toggleMark("strong"),
  "Mod-i": toggleMark("em"),
  "Mod-u": toggleMark("underline"),
  "Mod-Shift-x": toggleMark("strike"),
  "Mod-]": indent(1),
  "Mod-[": indent(-1),
  ...Object.fromEntries(Object.entries(kindKeys).map(([key, kind]) => [key, setKind(kind)])),
};

export interface History {
  undo(): boolean;
  redo(): boolean;
}

/** `leave` is called on Escape. */
export const keys = (history: History, leave: () => void, bracketTag = ""): Plugin => {
  const own: Record<string, Command> = { ...commands, "Mod-Shift-[": bracket(bracketTag) };
  const actions: Record<string, () => unknown> = {
    "Mod-z": () => history.undo(),
    "Mod-y": () => history.redo(),
    "Mod-Shift-z": () => history.redo(),
    Escape: leave,
  };
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        // AltGr types a character, though browsers report it as Ctrl+Alt.
        if (event.getModifierState?.("AltGraph")) return false;
        const name = keyName(event);
        const action = actions[name];
        if (action !== undefined) {
          action();
          return true;
        }
        if (!view.editable) return false;
        const command = own[name];
        if (command === undefined) return false;
        // A shortcut of ours does nothing else, even where it has nothing to do.
        return command(view.state, view.dispatch, view) || name.startsWith("Mod-");
      },
    },
  });
};
