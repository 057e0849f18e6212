import { describe, expect, test } from "vitest";
import { keyName } from "../../src/editor/keys";

const press = (key: string, code: string, modifiers: Partial<KeyboardEventInit> = {}) =>
  new KeyboardEvent("keydown", { key, code, ...modifiers });
const ctrl = { ctrlKey: true };

describe("keys are matched by what Latin keyboards print, and by place on all others", () => {
  test.each([
    ["US", press("b", "KeyB", ctrl), "Mod-b"],
    ["Russian", press("и", "KeyB", ctrl), "Mod-b"],
    ["Russian, undo", press("я", "KeyZ", ctrl), "Mod-z"],
    ["Russian, redo", press("Я", "KeyZ", { ...ctrl, shiftKey: true }), "Mod-Shift-z"],
    ["Hebrew", press("נ", "KeyB", ctrl), "Mod-b"],
    ["AZERTY: z is where W is elsewhere", press("z", "KeyW", ctrl), "Mod-z"],
    ["AZERTY: digits want Shift", press("&", "Digit1", { ...ctrl, altKey: true }), "Mod-Alt-1"],
    ["Russian, bracket", press("Х", "BracketLeft", { ...ctrl, shiftKey: true }), "Mod-Shift-["],
    ["US, bracket with Shift", press("{", "BracketLeft", { ...ctrl, shiftKey: true }), "Mod-Shift-["],
    ["Caps Lock", press("B", "KeyB", ctrl), "Mod-b"],
    ["a letter alone is text", press("и", "KeyB"), "и"],
    ["keys that print nothing", press("Enter", "Enter", { shiftKey: true }), "Shift-Enter"],
    ["what ProseMirror makes up for a phone has no place", press("Backspace", ""), "Backspace"],
  ])("%s", (_, event, name) => {
    expect(keyName(event, false)).toBe(name);
  });

  test("Mod is ⌘ on a Mac, and Ctrl elsewhere", () => {
    expect(keyName(press("b", "KeyB", { metaKey: true }), true)).toBe("Mod-b");
    expect(keyName(press("b", "KeyB", { metaKey: true }), false)).toBe("Other-b");
    expect(keyName(press("b", "KeyB", ctrl), true)).toBe("Other-b");
  });
});
