import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { setLabel } from "../../editor/commands";
import type { Caret, Editor } from "../../editor/interface";
import { KINDS, MARKS, type MarkName } from "../../editor/schema";
import { Icon, type IconName } from "../../parts/icon";
import { t } from "../../text/language";
import type { Live } from "./live";

const DEEPEST = 6;
const icons: Record<MarkName, IconName> = { strong: "bold", em: "italic", underline: "underline", strike: "strike" };
const keys: Record<MarkName, string | undefined> = {
  strong: "Ctrl+B",
  em: "Ctrl+I",
  underline: "Ctrl+U",
  strike: undefined,
};

type ToolbarProps = { editor: Editor; live: Live; onCopyLink: (id: string) => void };

/** Kind, level, label and marks where the caret is. One stop for Tab; the arrow keys move inside (ARIA toolbar). */
export function Toolbar({ editor, live, onCopyLink }: ToolbarProps) {
  const caret = live.caret.value;
  const locked = caret !== null && live.locks.value.has(caret.paragraph);
  const bar = useRef<HTMLDivElement>(null);
  useRovingFocus(bar);
  const text = t().document;
  const leveled = caret?.attributes.kind === "heading" || caret?.attributes.kind === "item";
  return (
    <div class="toolbar" role="toolbar" aria-label={text.toolbar} ref={bar}>
      <select
        class="toolbar-kind"
        aria-label={text.kind}
        title={text.kind}
        value={caret?.attributes.kind ?? "body"}
        disabled={!caret || locked}
        onChange={(event) => {
          const kind = KINDS.find((one) => one === event.currentTarget.value);
          if (kind) editor.setKind(kind);
          editor.focus();
        }}
      >
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {text.kinds[kind]}
          </option>
        ))}
      </select>
      <LabelField editor={editor} caret={caret} locked={locked} />
      {leveled && !locked && <Levels editor={editor} level={caret.attributes.level} />}
      <span class="toolbar-rule" aria-hidden="true" />
      {MARKS.map((mark) => (
        <Tool
          key={mark}
          icon={icons[mark]}
          label={text.marks[mark]}
          keys={keys[mark]}
          pressed={caret?.marks.includes(mark) ?? false}
          disabled={!caret || locked}
          onUse={() => editor.toggleMark(mark)}
        />
      ))}
      <span class="toolbar-rule" aria-hidden="true" />
      <Tool icon="undo" label={text.undo} keys="Ctrl+Z" disabled={!editor.canUndo()} onUse={() => editor.undo()} />
      <Tool icon="redo" label={text.redo} keys="Ctrl+Y" disabled={!editor.canRedo()} onUse={() => editor.redo()} />
      <span class="grow" />
      <Tool
        icon="link"
        label={text.copyLink}
        disabled={!caret}
        onUse={() => {
          if (caret) onCopyLink(caret.paragraph);
        }}
      />
    </div>
  );
}

type ToolProps = {
  icon: IconName;
  label: string;
  keys?: string | undefined;
  pressed?: boolean;
  disabled?: boolean;
  onUse: () => void;
};

function Tool({ icon, label, keys: shortcut, pressed, disabled, onUse }: ToolProps): ComponentChildren {
  return (
    <button
      type="button"
      class="button quiet square"
      aria-label={label}
      title={shortcut ? `${label} (${shortcut})` : label}
      aria-pressed={pressed}
      aria-disabled={disabled || undefined}
      onMouseDown={(event) => event.preventDefault()} // the caret stays in the text
      onClick={() => {
        if (!disabled) onUse();
      }}
    >
      <Icon name={icon} />
    </button>
  );
}

function Levels({ editor, level }: { editor: Editor; level: number }) {
  const text = t().document;
  return (
    <>
      <Tool
        icon="level_up"
        label={text.levelUp}
        disabled={level <= 1}
        onUse={() => editor.setLevel(Math.max(1, level - 1))}
      />
      <Tool
        icon="level_down"
        label={text.levelDown}
        disabled={level >= DEEPEST}
        onUse={() => editor.setLevel(Math.min(DEEPEST, level + 1))}
      />
    </>
  );
}

/** The paragraph's label, written when one is done with it; the focus goes where one wants it, not back to the text. */
function LabelField({ editor, caret, locked }: { editor: Editor; caret: Caret | null; locked: boolean }) {
  const label = caret?.attributes.label ?? "";
  const [written, setWritten] = useState(label);
  const place = caret?.paragraph;
  useEffect(() => setWritten(label), [label, place]);
  const text = t().document;
  const set = () => {
    if (caret && written.trim() !== label) setLabel(written)(editor.view.state, editor.view.dispatch);
  };
  return (
    <input
      type="text"
      class="toolbar-label"
      aria-label={`${text.label}. ${text.labelHint}`}
      title={text.labelHint}
      placeholder={text.label}
      maxLength={40}
      autocomplete="off"
      spellcheck={false}
      value={written}
      disabled={!caret || locked}
      onInput={(event) => setWritten(event.currentTarget.value)}
      onBlur={set}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault(); // else the text, which has the focus by then, takes the key for itself
        editor.focus();
      }}
    />
  );
}

/** Of the buttons one is reached by Tab, the others from it by the arrow keys; the fields are stops of their own. */
function useRovingFocus(bar: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const buttons = buttonsOf(bar.current);
    const stops = buttons.filter((button) => button.tabIndex === 0);
    if (stops.length !== 1) stopAt(buttons, buttons[0]); // at first, and when buttons came or went
  });
  useEffect(() => {
    const element = bar.current;
    const move = (event: KeyboardEvent) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const buttons = buttonsOf(element);
      const at = buttons.indexOf(event.target as HTMLButtonElement);
      if (!step || at < 0) return;
      const next = buttons.at((at + step) % buttons.length);
      event.preventDefault();
      stopAt(buttons, next);
      next?.focus();
    };
    element?.addEventListener("keydown", move);
    return () => element?.removeEventListener("keydown", move);
  }, [bar]);
}

function buttonsOf(bar: HTMLElement | null): HTMLButtonElement[] {
  return [...(bar?.querySelectorAll("button") ?? [])];
}

function stopAt(buttons: readonly HTMLButtonElement[], stop: HTMLButtonElement | undefined): void {
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
}
