/**
 * A server of the contract in memory (W1, W2, W5), whose network is flushed by hand: how late anything comes is the
 * test's choice.
 */
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { parse, type Reason, type Refused, step1, step2, syncUpdate } from "../../src/connection/messages";
import { base } from "../editor/client";

export interface Refusal {
  readonly reason: Reason;
  readonly paragraphs?: readonly string[];
  readonly text?: readonly string[];
  /** What of the update is taken all the same. */
  readonly rest?: Uint8Array;
}
export type Judge = (update: Uint8Array, server: Server) => Refusal | null;

/** W5: an update past a gap is not taken. */
const gaps: Judge = (update, { doc }) => {
  const known = Y.decodeStateVector(Y.encodeStateVector(doc));
  for (const { id, length } of Y.decodeUpdate(update).structs) {
    if (id.clock > (known.get(id.client) ?? 0)) return { reason: "gap", text: [] };
    known.set(id.client, Math.max(known.get(id.client) ?? 0, id.clock + length));
  }
  return null;
};

function json(value: object): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 100);
    encoding.writeVarString(encoder, JSON.stringify(value));
  });
}

/** Both ends of one connection. */
export class Socket {
  readyState = 0;
  binaryType = "blob";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly toServer: Uint8Array[] = [];
  readonly toClient: Uint8Array[] = [];
  synced = false;
  updates = 0;
  step2 = false;

  constructor(readonly url: string) {}
  send(frame: Uint8Array): void {
    this.toServer.push(frame.slice());
  }
  /** By the client. */
  close(): void {
    this.readyState = 3;
  }
  /** By the server, or by the network (1006). */
  drop(code = 1006): void {
    this.readyState = 3;
    this.toServer.length = 0;
    this.toClient.length = 0;
    this.onclose?.({ code });
  }
}

export class Server {
  readonly doc = new Y.Doc();
  readonly sockets: Socket[] = [];
  /** The update messages that came, in order; step 2 is not among them. */
  readonly came: Uint8Array[] = [];
  readonly step2s: Uint8Array[] = [];
  judge: Judge = () => null;
  /** Whether batches are written: nothing is acknowledged otherwise, nor seen. */
  writes = true;
  reachable = true;
  private unsaid: (() => void)[] = [];

  constructor(...paragraphs: readonly string[]) {
    this.doc.clientID = 99;
    Y.applyUpdate(this.doc, base(...paragraphs));
  }
  readonly open = (url: string): WebSocket => {
    const socket = new Socket(url);
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  };
  get text(): string {
    return this.doc.getText("text").toString();
  }
  get live(): Socket {
    const socket = this.sockets.findLast(({ readyState }) => readyState === 1);
    if (socket === undefined) throw new Error("no open socket");
    return socket;
  }

  /** Opens what waits, or turns it away. */
  accept(): void {
    for (const socket of this.sockets) {
      if (socket.readyState !== 0) continue;
      if (!this.reachable) {
        socket.drop();
        continue;
      }
      socket.readyState = 1;
      this.say(socket, { type: "welcome", seq: 0, participant: {}, document: {}, locks: {}, focus: null });
      socket.toClient.push(step1(Y.encodeStateVector(this.doc)));
      socket.onopen?.();
    }
  }
  /** What clients sent reaches the server. */
  receive(): void {
    for (const socket of this.sockets) for (const frame of socket.toServer.splice(0)) this.take(socket, frame);
  }
  /** What the server sent reaches the clients. */
  deliver(): void {
    for (const socket of this.sockets)
      for (const frame of socket.toClient.splice(0))
        if (socket.readyState === 1) socket.onmessage?.({ data: frame.slice().buffer as ArrayBuffer });
  }
  /** Until nobody has anything to say. */
  flush(): void {
    for (let round = 0; round < 50; round++) {
      this.accept();
      this.receive();
      this.deliver();
      if (
        this.sockets.every(
          ({ toServer, toClient, readyState }) => readyState !== 0 && !toServer.length && !toClient.length,
        )
      )
        return;
    }
    throw new Error("they never fall silent");
  }
  /** A sign of life, as the real one gives every 15 s. */
  beat(): void {
    for (const socket of this.sockets)
      if (socket.readyState === 1) this.say(socket, { type: "presence", online: [], observers: 0 });
  }
  /** The disk is back. */
  resume(): void {
    this.writes = true;
    for (const act of this.unsaid.splice(0)) act();
  }
  /** Somebody else writes. */
  write(change: (text: Y.Text, map: Y.Map<unknown>) => void): void {
    const before = Y.encodeStateVector(this.doc);
    this.doc.transact(() => change(this.doc.getText("text"), this.doc.getMap("paragraphs")));
    this.tell(Y.encodeStateAsUpdate(this.doc, before));
  }
  say(socket: Socket, value: object): void {
    socket.toClient.push(json(value));
  }
  private tell(update: Uint8Array, but?: Socket): void {
    for (const socket of this.sockets) if (socket.synced && socket !== but) socket.toClient.push(syncUpdate(update));
  }

  private take(socket: Socket, frame: Uint8Array): void {
    const message = parse(frame);
    if (message.kind === "step1") {
      socket.toClient.push(step2(Y.encodeStateAsUpdate(this.doc, message.stateVector)));
      socket.synced = true;
    } else if (message.kind === "step2") {
      this.step2s.push(message.update);
      this.settle(socket, message.update, null);
    } else if (message.kind === "update") {
      this.came.push(message.update);
      socket.updates++;
      this.settle(socket, message.update, socket.updates);
    } else if (message.kind === "awareness") {
      for (const other of this.sockets) other.toClient.push(frame);
    }
  }
  private settle(socket: Socket, update: Uint8Array, number: number | null): void {
    const act = () => {
      const refusal = gaps(update, this) ?? this.judge(update, this);
      const taken = refusal === null ? update : refusal.rest;
      if (taken !== undefined) {
        Y.applyUpdate(this.doc, taken);
        this.tell(taken, socket);
      }
      if (refusal !== null) this.refuse(socket, number, refusal);
      if (number === null) socket.step2 = true;
      this.say(socket, { type: "saved", updates: number ?? 0, step2: socket.step2, seq: 1 });
    };
    if (this.writes) act();
    else this.unsaid.push(act);
  }
  private refuse(socket: Socket, update: number | null, { reason, paragraphs = [], text = [] }: Refusal): void {
    const refused: Refused = { type: "refused", update, reason, paragraphs, text };
    this.say(socket, refused);
  }
}
