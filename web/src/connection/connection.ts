/** What the page holds of a connection to one document. */
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import type { OpenSocket } from "./link";
import type { Presence, RoomEvent, Welcome } from "./messages";
import type { Status } from "./status";
import type { TrayItem } from "./tray";

export interface Events {
  status: Status;
  /** The document was dropped and loaded anew: rebind the editor to it (`editor.rebind`). */
  doc: { readonly doc: Y.Doc; readonly awareness: Awareness };
  welcome: Welcome;
  /** Locks, freezes, comments … of the room (W2), in order. */
  event: RoomEvent;
  presence: Presence;
  tray: readonly TrayItem[];
}

export interface Connection {
  /** The live document and its awareness; both are replaced by a rebuild (event `doc`). */
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly status: Status;
  /** Settled once the document has come for the first time. */
  readonly opened: Promise<void>;
  /** Words that the server did not take, kept until dismissed. */
  readonly tray: readonly TrayItem[];
  dismiss(id: string): Promise<void>;
  /** Calls back on each event of that name; returns how to stop it. */
  on<Name extends keyof Events>(name: Name, listener: (value: Events[Name]) => void): () => void;
  /** While true, what others write waits: the editor is composing (IME). */
  hold(composing: boolean): void;
  /** Observers and everybody in a frozen document: nothing is sent. */
  setReadonly(readonly: boolean): void;
  /** Tries at once instead of waiting for the next attempt. */
  retry(): void;
  close(): void;
}

export interface ConnectOptions {
  readonly documentId: string;
  readonly participantId: string;
  /** `wss://host/ws/documents/{d}`, without a query; default: the page's own host. */
  readonly url?: string;
  readonly readonly?: boolean;
  /** The network and chance, for tests. */
  readonly open?: OpenSocket;
  readonly random?: () => number;
}
