/** One seeded run of several clients who edit at once, with offline spells and every order of delivery between pairs. */
import { Fragment, type Node, Slice } from "prosemirror-model";
import { type Command, TextSelection } from "prosemirror-state";
import { indent, setKind, setLabel, toggleMark } from "../../src/editor/commands";
import { paragraphIds } from "../../src/editor/ids";
import { backspace, deleteSelection, enter, forwardDelete } from "../../src/editor/joining";
import { paste } from "../../src/editor/paste";
import { KINDS, MARKS, markOf, paragraph, schema } from "../../src/editor/schema";
import { positionOf } from "../../src/editor/units";
import { Random } from "../random";
import { base, Client, settle } from "./client";

export interface Outcome {
  /** Characters that nobody deleted and that are missing. */
  lost: string[];
  /** Characters that are there more often than deletions and undos of several clients explain. */
  doubled: string[];
  /** Clients whose page or text differs from the first one's. */
  unequal: number;
  /** Times a page was drawn again from its text, or differed from it. */
  redrawn: number;
  operations: number;
}

/** Unique characters in three scripts, a third of them surrogate pairs. */
class Characters {
  private count = 0;

  take(length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) {
      const n = this.count++;
      text += String.fromCodePoint(n % 3 === 0 ? 0x20000 + n : n % 3 === 1 ? 0x4e00 + n : 0xac00 + n);
    }
    return text;
  }
}

class Run {
  readonly random: Random;
  readonly characters = new Characters();
  readonly clients: Client[];
  /** queues[from][to]: in order, for a socket keeps it. */
  readonly queues: Uint8Array[][][];
  readonly written = new Set<string>();
  /** For each character, how many clients deleted it. */
  readonly deletions = new Map<string, number>();
  operations = 0;

  constructor(
    seed: number,
    clients: number,
    private readonly undo: boolean,
  ) {
    this.random = new Random(seed);
    const text = base(...Array.from({ length: 4 }, () => this.characters.take(5)));
    this.clients = Array.from(
      { length: clients },
      (_, i) => new Client(2 + i, text, this.random.chance(0.5) ? 0 : 500),
    );
    this.queues = this.clients.map(() => this.clients.map(() => []));
  }

  /** A place within a paragraph, never inside a surrogate pair. */
  place({ state }: Client): number {
    const index = this.random.below(state.doc.childCount);
    const chars = [...state.doc.child(index).textContent];
    const before = chars.slice(0, this.random.below(chars.length + 1)).join("").length;
    return positionOf(state.doc, index) + 1 + before;
  }
  select(client: Client, length: number): void {
    const anchor = this.place(client);
    const head = this.random.chance(length) ? this.place(client) : anchor;
    client.dispatch(client.state.tr.setSelection(TextSelection.create(client.state.doc, anchor, head)));
  }

  /** One act of one client; what vanishes from its text by it, it has deleted. */
  act(client: Client): void {
    const before = new Set(client.text);
    this.choose(client);
    const after = new Set(client.text);
    for (const char of before) if (!after.has(char)) this.deletions.set(char, (this.deletions.get(char) ?? 0) + 1);
    for (const char of after) if (char !== "\n") this.written.add(char);
    this.operations++;
  }

  private choose(client: Client): void {
    const acts: [weight: number, act: () => void][] = [
      [30, () => this.type(client)],
      [10, () => this.command(client, enter, 0.1)],
      [10, () => this.atEdge(client)],
      [8, () => this.command(client, deleteSelection, 0.9)],
      [8, () => this.command(client, toggleMark(this.random.pick(MARKS)), 0.9)],
      [8, () => this.attribute(client)],
      [6, () => this.paste(client)],
      [6, () => this.raw(client)],
      [this.undo ? 8 : 0, () => void client.undo.undo()],
      [this.undo ? 6 : 0, () => void client.undo.redo()],
    ];
    let x = this.random.below(acts.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, act] of acts) {
      if (x < weight) {
        act();
        return;
      }
      x -= weight;
    }
  }
  private command(client: Client, command: Command, length: number): void {
    this.select(client, length);
    client.run(command);
  }
  private type(client: Client): void {
    this.select(client, 0.1);
    const marks = this.random.chance(0.3) ? [markOf(this.random.pick(MARKS))] : [];
    const text = schema.text(this.characters.take(1 + this.random.below(3)), marks);
    client.dispatch(client.state.tr.replaceSelectionWith(text, false));
  }
  /** Backspace at a start, Delete at an end. */
  private atEdge(client: Client): void {
    const { doc } = client.state;
    const index = this.random.below(doc.childCount);
    const start = positionOf(doc, index) + 1;
    const back = this.random.chance(0.5);
    const at = back ? start : start + doc.child(index).content.size;
    client.dispatch(client.state.tr.setSelection(TextSelection.create(doc, at)));
    client.run(back ? backspace : forwardDelete);
  }
  private attribute(client: Client): void {
    const { random } = this;
    const kinds = setKind(random.pick(KINDS));
    const labels = setLabel(random.chance(0.5) ? `OP${random.below(9)} bis` : null);
    this.command(client, random.pick([kinds, labels, indent(random.pick([1, -1] as const))]), 0.3);
  }
  private paste(client: Client): void {
    this.select(client, 0.3);
    const nodes: Node[] = Array.from({ length: 1 + this.random.below(3) }, () =>
      paragraph({ kind: this.random.pick(KINDS), level: 1, label: null }, this.characters.take(2)),
    );
    const tr = paste(client.state, new Slice(Fragment.fromArray(nodes), 1, 1));
    if (tr !== null) client.dispatch(tr);
  }
  /** Bare steps, as a browser or an extension may make them. */
  private raw(client: Client): void {
    const { random } = this;
    const { tr, doc } = client.state;
    const index = random.below(doc.childCount);
    const at = positionOf(doc, index);
    const node = doc.child(index);
    const fresh = paragraph({ kind: random.pick(KINDS), level: 2, label: "A" }, this.characters.take(2));
    switch (random.below(5)) {
      case 0:
        tr.insert(at, fresh);
        break;
      case 1:
        if (doc.childCount > 1) tr.delete(at, at + node.nodeSize);
        break;
      case 2:
        tr.replaceWith(at, at + node.nodeSize, [fresh, paragraph({ kind: "body", level: 1, label: null }, "")]);
        break;
      case 3:
        if (index > 0) tr.join(at);
        break;
      default:
        tr.setNodeAttribute(at, "level", 1 + random.below(4));
    }
    client.dispatch(tr);
  }

  fetch(): void {
    this.clients.forEach((client, from) => {
      for (const update of client.out.splice(0))
        this.clients.forEach((_, to) => {
          if (to !== from) this.queues[from]?.[to]?.push(update);
        });
    });
  }
  deliver(probability: number): void {
    const [from, to] = [this.random.below(this.clients.length), this.random.below(this.clients.length)];
    const queue = this.queues[from]?.[to] ?? [];
    while (queue.length > 0 && this.random.chance(probability)) this.clients[to]?.receive(queue.shift() as Uint8Array);
  }
  deliverAll(): void {
    this.queues.forEach((row) => {
      row.forEach((queue, to) => {
        for (const update of queue.splice(0)) this.clients[to]?.receive(update);
      });
    });
    settle(...this.clients);
  }

  outcome(): Outcome {
    const [first, ...others] = this.clients as [Client, ...Client[]];
    const count = new Map<string, number>();
    for (const char of first.text) count.set(char, (count.get(char) ?? 0) + 1);
    const deletions = (char: string) => this.deletions.get(char) ?? 0;
    return {
      lost: [...this.written].filter((char) => deletions(char) === 0 && !count.has(char)),
      doubled: [...this.written].filter((char) => (count.get(char) ?? 0) > Math.max(1, deletions(char))),
      unequal: others.filter((other) => other.text !== first.text || !other.state.doc.eq(first.state.doc)).length,
      redrawn: this.clients.reduce((sum, { binding, mismatches }) => sum + binding.repairs + mismatches, 0),
      operations: this.operations,
    };
  }
}

/** `offline`: one client in turn neither sends nor receives for a while. */
export function fuzz(seed: number, { clients = 3, operations = 40, undo = true } = {}): Outcome {
  const run = new Run(seed, clients, undo);
  let offline = -1;
  for (let i = 0; i < operations; i++) {
    if (run.random.chance(0.08)) offline = run.random.chance(0.5) ? -1 : run.random.below(clients);
    run.act(run.random.pick(run.clients));
    if (offline < 0 || run.random.chance(0.1)) run.fetch();
    if (run.random.chance(0.6)) run.deliver(0.7);
  }
  run.fetch();
  run.deliverAll();
  const ids = paragraphIds((run.clients[0] as Client).binding.text);
  const outcome = run.outcome();
  if (new Set(ids).size !== (run.clients[0] as Client).state.doc.childCount) outcome.unequal++;
  return outcome;
}
