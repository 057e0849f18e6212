/** Where others are: their carets and selections from awareness, whose names are the server's (W6). */
import { Plugin, PluginKey, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import type { Awareness } from "y-protocols/awareness";
import { anchored, find, fromJson, toJson } from "./anchored";
import type { Binding } from "./binding";
import type { Editing } from "./interface";

/** A caret that has stood still this long no longer says that somebody is editing. */
const STILL = 20_000;
/** Own caret: at most one message in this time. */
const PACE = 100;

/** How the page shows a participant. */
export interface Shown {
  readonly label: string;
  readonly className: string;
}

interface Place extends Editing {
  readonly anchor: number;
  readonly head: number;
  /** When it last moved by its owner's hand. */
  readonly moved: number;
}
type Places = ReadonlyMap<number, Place>;

interface Carets {
  readonly places: Places;
  readonly decorations: DecorationSet;
}
const KEY = new PluginKey<Carets>("carets");

export interface CursorOptions {
  readonly binding: Binding;
  readonly awareness: Awareness;
  show(user: Editing): Shown;
  onEditing(editing: ReadonlyMap<string, readonly Editing[]>): void;
}

function userOf(state: Record<string, unknown>): Editing | null {
  const { user } = state;
  if (typeof user !== "object" || user === null) return null;
  const { name, delegation } = user as Record<string, unknown>;
  if (typeof name !== "string") return null;
  return { name, delegation: typeof delegation === "string" ? delegation : null };
}

/** The caret of one client, null when it has none, or none that this document knows. */
function placeOf(binding: Binding, state: Record<string, unknown> | undefined, now: number): Place | null {
  const user = state && userOf(state);
  const cursor = fromJson(state?.cursor);
  if (!user || cursor === null) return null;
  const [from, head] = [find(binding, cursor.anchor), find(binding, cursor.head)];
  return from === null || head === null ? null : { ...user, anchor: from, head, moved: now };
}

function caretElement({ label, className }: Shown): HTMLElement {
  const caret = document.createElement("span");
  caret.className = `caret ${className}`;
  caret.setAttribute("aria-hidden", "true");
  const flag = document.createElement("bdi");
  flag.className = "caret-label";
  flag.textContent = label;
  caret.append(flag);
  return caret;
}

function decorationsOf(client: number, place: Place, show: CursorOptions["show"]): Decoration[] {
  const shown = show(place);
  const key = `${client}-${place.moved}-${shown.label}`;
  // Side 1: what is typed at a caret before its owner's next message pushes it along.
  const caret = Decoration.widget(place.head, () => caretElement(shown), {
    key,
    side: 1,
    ignoreSelection: true,
    client,
  });
  if (place.anchor === place.head) return [caret];
  const [from, to] = [Math.min(place.anchor, place.head), Math.max(place.anchor, place.head)];
  return [caret, Decoration.inline(from, to, { class: `caret-selection ${shown.className}` }, { client })];
}

function mapped({ places, decorations }: Carets, { mapping, doc }: Transaction): Carets {
  const moved = new Map<number, Place>();
  for (const [client, place] of places)
    moved.set(client, { ...place, anchor: mapping.map(place.anchor), head: mapping.map(place.head) });
  return { places: moved, decorations: decorations.map(mapping, doc) };
}

/** Others' carets, drawn anew only for those whose state changed. */
class Watch {
  private readonly changed = new Set<number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private expiry: ReturnType<typeof setTimeout> | undefined;
  private said = "";

  constructor(
    private readonly view: EditorView,
    private readonly options: CursorOptions,
  ) {
    options.awareness.on("change", this.onChange);
    for (const client of options.awareness.states.keys()) this.changed.add(client);
    this.later();
  }
  destroy(): void {
    this.options.awareness.off("change", this.onChange);
    clearTimeout(this.timer);
    clearTimeout(this.expiry);
  }

  private readonly onChange = (change: Record<"added" | "updated" | "removed", readonly number[]>): void => {
    for (const client of [...change.added, ...change.updated, ...change.removed]) this.changed.add(client);
    this.later();
  };
  /** Several states of one message, and of a burst, make one drawing. */
  private later(): void {
    this.timer ??= setTimeout(() => this.draw(), 16);
  }
  private draw(): void {
    this.timer = undefined;
    const { binding, awareness } = this.options;
    const fresh = new Map<number, Place | null>();
    for (const client of this.changed)
      if (client !== awareness.clientID) fresh.set(client, placeOf(binding, awareness.states.get(client), Date.now()));
    this.changed.clear();
    if (fresh.size > 0) this.view.dispatch(this.view.state.tr.setMeta(KEY, fresh));
  }

  /** Says who edits which paragraph, when that changed. */
  readonly update = (): void => {
    const { places } = KEY.getState(this.view.state) as Carets;
    const editing = new Map<string, Editing[]>();
    let next = Number.POSITIVE_INFINITY;
    for (const { name, delegation, head, moved } of places.values()) {
      const ends = moved + STILL;
      if (ends <= Date.now()) continue;
      next = Math.min(next, ends);
      const id = this.options.binding.ids.at(this.view.state.doc.resolve(head).index(0));
      editing.set(id, [...(editing.get(id) ?? []), { name, delegation }]);
    }
    clearTimeout(this.expiry);
    if (next < Number.POSITIVE_INFINITY) this.expiry = setTimeout(this.update, next - Date.now());
    const saying = JSON.stringify([...editing]);
    if (saying !== this.said) this.options.onEditing(editing);
    this.said = saying;
  };
}

export function cursors(options: CursorOptions): Plugin<Carets> {
  return new Plugin<Carets>({
    key: KEY,
    state: {
      init: () => ({ places: new Map(), decorations: DecorationSet.empty }),
      apply(tr, value) {
        const carets = tr.docChanged ? mapped(value, tr) : value;
        const fresh = tr.getMeta(KEY) as ReadonlyMap<number, Place | null> | undefined;
        if (fresh === undefined) return carets;
        const places = new Map(carets.places);
        let { decorations } = carets;
        for (const [client, place] of fresh) {
          decorations = decorations.remove(decorations.find(undefined, undefined, (spec) => spec.client === client));
          places.delete(client);
          if (place === null) continue;
          places.set(client, place);
          decorations = decorations.add(tr.doc, decorationsOf(client, place, options.show));
        }
        return { places, decorations };
      },
    },
    props: { decorations: (state) => KEY.getState(state)?.decorations },
    view: (view) => new Watch(view, options),
  });
}

/** Tells the others where one's own caret is: while it has the focus, and never from a page that is read only. */
export function ownCursor(binding: Binding, awareness: Awareness): Plugin {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (view: EditorView) => {
    timer = undefined;
    const cursor = view.editable && view.hasFocus() ? toJson(anchored(binding, view.state)) : null;
    if (JSON.stringify(cursor) !== JSON.stringify(awareness.getLocalState()?.cursor ?? null))
      awareness.setLocalStateField("cursor", cursor);
  };
  const later = (view: EditorView) => {
    timer ??= setTimeout(() => tell(view), PACE);
  };
  return new Plugin({
    props: { handleDOMEvents: { focus: later, blur: later } },
    view: () => ({
      update(view, before) {
        if (!before.selection.eq(view.state.selection) || before.doc !== view.state.doc) later(view);
      },
      destroy() {
        clearTimeout(timer);
      },
    }),
  });
}
