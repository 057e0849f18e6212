/** One's own awareness (caret), told at a steady pace while there is a line; and that of others, while there is one. */
import {
  type Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from "y-protocols/awareness";
import type { Link } from "./link";

/** Milliseconds between two messages. */
const PACE = 100;

interface Change {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}

export class Voice {
  private link: Link | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly awareness: Awareness,
    private silent: boolean,
  ) {
    if (silent) awareness.setLocalState(null);
    awareness.on("update", this.onUpdate);
  }
  /** Ends the awareness with it. */
  destroy(): void {
    this.detach();
    this.awareness.off("update", this.onUpdate);
    this.awareness.destroy();
  }

  /** Observers, and everybody in a frozen document, have no caret (W6). */
  setSilent(silent: boolean): void {
    if (silent === this.silent) return;
    this.silent = silent;
    this.awareness.setLocalState(silent ? null : {});
  }
  attach(link: Link): void {
    this.link = link;
    // A new clock: the server forgot this state with the last socket.
    if (!this.silent) this.awareness.setLocalState(this.awareness.getLocalState() ?? {});
  }
  /** Nobody is heard any more, so nobody is shown. */
  detach(): void {
    this.link = null;
    clearTimeout(this.timer);
    this.timer = undefined;
    const { clientID, states } = this.awareness;
    removeAwarenessStates(
      this.awareness,
      [...states.keys()].filter((client) => client !== clientID),
      this,
    );
  }
  hear(update: Uint8Array): void {
    applyAwarenessUpdate(this.awareness, update, this);
  }

  private readonly onUpdate = ({ added, updated, removed }: Change, origin: unknown): void => {
    const own = [...added, ...updated, ...removed].includes(this.awareness.clientID);
    if (!own || origin === this || this.link === null) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.link?.awareness(encodeAwarenessUpdate(this.awareness, [this.awareness.clientID]));
    }, PACE);
  };
}
