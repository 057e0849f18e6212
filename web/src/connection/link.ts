/** One WebSocket: the handshake of y-protocols, and frames as messages. It ends once and is never used again. */
import * as messages from "./messages";

/** What is heard from it. */
export interface LinkListener {
  /** The server's step 1; what is answered goes out as step 2. */
  answer(): Uint8Array;
  /** The answer to one's own step 1: the first thing that holds text. */
  synced(update: Uint8Array): void;
  update(update: Uint8Array): void;
  awareness(update: Uint8Array): void;
  json(json: messages.ServerJson): void;
  closed(code: number): void;
}

export type OpenSocket = (url: string) => WebSocket;

/** Closing of one's own accord; the server never says it. */
const ENDED = 1000;

export class Link {
  private readonly socket: WebSocket;
  private ended = false;
  private gotStep2 = false;
  /** When the server was last heard; it says something at least every 20 s. */
  heard = Date.now();

  constructor(
    url: string,
    open: OpenSocket,
    stateVector: () => Uint8Array,
    private readonly listener: LinkListener,
  ) {
    this.socket = open(url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.ask(stateVector());
    this.socket.onmessage = ({ data }) => {
      if (!this.ended) this.receive(new Uint8Array(data as ArrayBuffer));
    };
    this.socket.onclose = ({ code }) => this.finish(code);
  }

  /** Tells the listener at once: a dead network would say so only after minutes. */
  close(): void {
    this.socket.close(ENDED);
    this.finish(ENDED);
  }
  /** Asks for what is missing; the answer comes as an update. */
  ask(stateVector: Uint8Array): void {
    this.send(messages.step1(stateVector));
  }
  update(update: Uint8Array): void {
    this.send(messages.syncUpdate(update));
  }
  awareness(update: Uint8Array): void {
    this.send(messages.awarenessUpdate(update));
  }

  private send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.socket.readyState === 1) this.socket.send(frame);
  }
  private finish(code: number): void {
    if (this.ended) return;
    this.ended = true;
    this.listener.closed(code);
  }
  private receive(frame: Uint8Array): void {
    this.heard = Date.now();
    const message = messages.parse(frame);
    switch (message.kind) {
      case "step1":
        this.send(messages.step2(this.listener.answer()));
        break;
      case "step2":
        if (this.gotStep2) this.listener.update(message.update);
        else this.listener.synced(message.update);
        this.gotStep2 = true;
        break;
      case "update":
        this.listener.update(message.update);
        break;
      case "awareness":
        this.listener.awareness(message.update);
        break;
      case "json":
        this.listener.json(message.json);
        break;
      case "queryAwareness":
      case "unknown":
        break;
    }
  }
}
