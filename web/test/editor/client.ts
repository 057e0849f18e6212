/** A client without a page: a bare state, bound to a document whose updates wait until they are delivered by hand. */
import { type Command, EditorState, type Plugin, type Transaction } from "prosemirror-state";
import * as Y from "yjs";
import { Binding, guard } from "../../src/editor/binding";
import { render } from "../../src/editor/fromYjs";
import { tidyText } from "../../src/editor/tidy";
import { Undo } from "../../src/editor/undo";

/** Origin of what others wrote. */
export const OTHERS = "others";

export class Client {
  readonly doc = new Y.Doc();
  readonly binding: Binding;
  readonly undo: Undo;
  /** Updates made here that nobody has fetched yet. */
  readonly out: Uint8Array[] = [];
  /** How often the state and the text differed after a change. */
  mismatches = 0;
  state: EditorState;

  constructor(id: number, base: Uint8Array, captureTimeout = 0, plugins: readonly Plugin[] = []) {
    this.doc.clientID = id;
    Y.applyUpdate(this.doc, base, OTHERS);
    this.state = EditorState.create({
      doc: render(this.doc.getText("text"), this.doc.getMap("paragraphs")),
      plugins: [guard(() => true), tidyText(), ...plugins],
    });
    this.binding = new Binding(this.doc, this);
    this.undo = new Undo(this.binding, captureTimeout);
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== OTHERS) this.out.push(update);
    });
    this.doc.on("afterAllTransactions", () => this.check());
  }

  updateState(state: EditorState): void {
    this.state = state;
  }
  dispatch = (tr: Transaction): void => {
    this.dispatching = true;
    this.binding.dispatch(tr);
    this.dispatching = false;
    this.check();
  };
  /** Runs a ProseMirror command. */
  run(command: Command): boolean {
    return command(this.state, this.dispatch);
  }
  receive(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, OTHERS);
  }
  get text(): string {
    return this.binding.text.toString();
  }

  private dispatching = false;
  private check(): void {
    if (this.dispatching) return;
    if (!this.state.doc.eq(render(this.binding.text, this.binding.map))) this.mismatches++;
  }
}

/** An update that holds these paragraphs, as the server would have written them. */
export function base(...paragraphs: readonly string[]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  doc.getText("text").insert(0, paragraphs.map((text) => `\n${text}`).join(""), {});
  return Y.encodeStateAsUpdate(doc);
}

/** Delivers everything between all clients until nothing is left to say. */
export function settle(...clients: readonly Client[]): void {
  for (let round = 0; round < 50; round++) {
    let said = 0;
    for (const from of clients)
      for (const update of from.out.splice(0)) {
        said++;
        for (const to of clients) if (to !== from) to.receive(update);
      }
    if (said === 0) return;
  }
  throw new Error("the clients never fall silent");
}
