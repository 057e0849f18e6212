import "fake-indexeddb/auto";
import "./locks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as Y from "yjs";
import type { Connection, ConnectOptions } from "../../src/connection/connection";
import { forgetAll } from "../../src/connection/keep";
import { connect } from "../../src/connection/provider";
import { Server } from "./server";

let server: Server;
let connections: Connection[];

beforeEach(() => {
  // What IndexedDB waits for stays real.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  server = new Server("Alpha", "Beta", "Gamma");
  connections = [];
});
afterEach(async () => {
  for (const connection of connections) connection.close();
  for (const participant of ["p", "q"]) await forgetAll(participant);
  vi.useRealTimers();
});

/** Turns of the loop until it holds. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`never: ${condition}`);
}

function dial(options: Partial<ConnectOptions> = {}): Connection {
  const connection = connect({
    documentId: "d",
    participantId: "p",
    url: "ws://test/ws/documents/d",
    open: server.open,
    random: () => 0.5,
    ...options,
  });
  connections.push(connection);
  return connection;
}
async function open(options: Partial<ConnectOptions> = {}): Promise<Connection> {
  const before = server.sockets.length;
  const connection = dial(options);
  await until(() => server.sockets.length > before);
  server.flush();
  await connection.opened;
  return connection;
}
const text = (connection: Connection) => connection.doc.getText("text");
const type = (connection: Connection, at: number, words: string) => text(connection).insert(at, words, {});
/** Time passes, and the network carries all. */
function pass(milliseconds: number): void {
  vi.advanceTimersByTime(milliseconds);
  server.flush();
}
const state = (connection: Connection) => [connection.status.state, connection.status.unsaved];
const kept = (connection: Connection) => until(() => connection.status.kept);

describe("what the page may say comes from acknowledgements alone (W2)", () => {
  test("opening, saving, saved: saved only when the server has said so", async () => {
    const connection = await open();
    expect(server.live.url).toBe("ws://test/ws/documents/d?v=1");
    expect(text(connection).toString()).toBe("\nAlpha\nBeta\nGamma");
    expect(state(connection)).toEqual(["saved", 0]);
    type(connection, 6, "!");
    expect(state(connection)).toEqual(["saving", 1]);
    server.receive();
    expect(server.text).toContain("Alpha!");
    expect(state(connection)).toEqual(["saving", 1]);
    server.deliver();
    expect(state(connection)).toEqual(["saved", 0]);
    expect(connection.status.at).toEqual(new Date());
  });

  test("while the server's disk is away nothing counts as saved, and the page says why", async () => {
    const connection = await open();
    server.writes = false;
    server.say(server.live, { type: "event", kind: "saving_held", seq: 0, by: null, at: "", data: {} });
    type(connection, 6, "!");
    server.flush();
    expect(state(connection)).toEqual(["held", 1]);
    server.resume();
    server.flush();
    // A small write may get through on a disk that is almost full; only the server knows whether that is all.
    expect(state(connection)).toEqual(["held", 0]);
    server.say(server.live, { type: "event", kind: "saving_resumed", seq: 1, by: null, at: "", data: {} });
    server.flush();
    expect(state(connection)).toEqual(["saved", 0]);
  });

  test("an edit counts as kept only once it is written on this device", async () => {
    const connection = await open();
    server.live.drop();
    type(connection, 6, "!");
    expect(connection.status).toMatchObject({ state: "offline", unsaved: 1, kept: false });
    await kept(connection);
    expect(connection.status).toMatchObject({ state: "offline", unsaved: 1, kept: true });
  });

  test("a reader sends nothing, neither caret nor what Yjs tidies up (W4, W6)", async () => {
    const connection = await open({ readonly: true });
    connection.awareness.setLocalStateField("cursor", null);
    connection.doc.transact(() => text(connection).format(1, 3, { strong: true }));
    pass(1000);
    expect(server.came).toEqual([]);
    expect(server.step2s.map((update) => [...update])).toEqual([[0, 0]]);
    expect(state(connection)).toEqual(["readonly", 0]);
  });
});

describe("pace (W7)", () => {
  test("the first keystroke goes at once, what follows at most 20 times a second, merged", async () => {
    const connection = await open();
    for (let i = 0; i < 100; i++) {
      type(connection, 6 + i, String(i % 10));
      vi.advanceTimersByTime(5);
      server.receive();
    }
    pass(100);
    expect(server.came.length).toBeLessThanOrEqual(11);
    expect(server.text.slice(6, 106)).toBe("0123456789".repeat(10));
    expect(state(connection)).toEqual(["saved", 0]);
  });

  test("the caret is told at most ten times a second", async () => {
    const connection = await open();
    const spy = vi.spyOn(server.live, "send");
    for (let i = 0; i < 100; i++) {
      connection.awareness.setLocalStateField("cursor", i);
      vi.advanceTimersByTime(10);
    }
    expect(spy.mock.calls.length).toBeLessThanOrEqual(11);
  });
});

describe("the line breaks", () => {
  test("what was typed meanwhile goes out with the answer to the server's step 1, and nothing twice", async () => {
    const connection = await open();
    type(connection, 6, "?");
    server.receive(); // taken, but its acknowledgement is lost
    server.live.drop();
    type(connection, 7, " and more");
    expect(state(connection)).toEqual(["offline", 2]);
    vi.advanceTimersByTime(1000);
    server.flush();
    expect(server.text).toBe("\nAlpha? and more\nBeta\nGamma");
    expect(text(connection).toString()).toBe(server.text);
    expect(state(connection)).toEqual(["saved", 0]);
    expect(server.step2s.at(-1)?.length).toBeGreaterThan(2);
  });

  test("an acknowledgement of updates never covers what was typed after them", async () => {
    const connection = await open();
    type(connection, 6, "1");
    server.receive();
    type(connection, 7, "2");
    server.deliver();
    expect(state(connection)).toEqual(["saving", 1]);
    pass(60);
    expect(state(connection)).toEqual(["saved", 0]);
  });

  test("attempts come later and later, with full jitter, and none after a final code", async () => {
    const connection = await open({ random: () => 0.999 });
    server.reachable = false;
    server.live.drop(1012);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      const [count, from] = [server.sockets.length, Date.now()];
      while (server.sockets.length === count) vi.advanceTimersByTime(10);
      waits.push(Date.now() - from);
      server.accept();
    }
    expect(waits.map((wait) => Math.round(wait / 100) / 10)).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30]);
    server.reachable = true;
    pass(31_000);
    expect(state(connection)).toEqual(["saved", 0]);
    server.live.drop(4401);
    pass(100_000);
    expect(connection.status).toMatchObject({ state: "signedout", code: 4401 });
    expect(server.sockets.filter(({ readyState }) => readyState < 2)).toEqual([]);
  });

  test.each([
    [4400, "refused"],
    [4403, "refused"],
    [4404, "refused"],
  ])("%i is final", async (code, expected) => {
    const connection = await open();
    server.live.drop(code);
    pass(100_000);
    expect(connection.status).toMatchObject({ state: expected, code });
    expect(server.sockets.length).toBe(1);
  });

  test("a line that says nothing for longer than the server ever does is given up", async () => {
    await open();
    vi.advanceTimersByTime(60_000);
    expect(server.sockets.length).toBe(2);
  });

  test("the browser's own word that it is offline, and back, is heard at once", async () => {
    const connection = await open();
    window.dispatchEvent(new Event("offline"));
    expect(connection.status.state).toBe("offline");
    vi.advanceTimersByTime(0);
    window.dispatchEvent(new Event("online"));
    server.flush();
    expect(connection.status.state).toBe("saved");
  });

  test("others' carets go with the line, and one's own is told again on the next", async () => {
    const connection = await open();
    const other = await open({ participantId: "q" });
    connection.awareness.setLocalStateField("cursor", { anchor: 1 });
    pass(200);
    expect([...other.awareness.states.keys()]).toContain(connection.doc.clientID);
    for (const socket of server.sockets) socket.drop();
    expect([...other.awareness.states.keys()]).toEqual([other.doc.clientID]);
    pass(1000);
    pass(1000);
    expect([...other.awareness.states.keys()]).toContain(connection.doc.clientID);
  });
});

describe("what is kept on this device", () => {
  test("survives the page: the next one sends it, under the ids it had, and then forgets it", async () => {
    const first = await open();
    server.live.drop();
    server.reachable = false;
    type(first, 6, " kept");
    await kept(first);
    first.close();
    server.reachable = true;
    const second = await open();
    expect(server.text).toBe("\nAlpha kept\nBeta\nGamma");
    expect(text(second).toString()).toBe(server.text);
    expect(state(second)).toEqual(["saved", 0]);
    second.close();
    const third = await open();
    expect([...(server.step2s.at(-1) ?? [])]).toEqual([0, 0]);
    expect(text(third).toString()).toBe("\nAlpha kept\nBeta\nGamma");
  });

  /** A tab that cannot send, and then a second one. */
  async function twoTabs(): Promise<[Connection, Connection]> {
    const first = await open();
    server.live.drop();
    server.reachable = false;
    type(first, 6, " once");
    await kept(first);
    server.reachable = true;
    return [first, await open()];
  }

  test("is left alone by other tabs while its own tab lives", async () => {
    const [first, second] = await twoTabs();
    expect(server.text).toBe("\nAlpha\nBeta\nGamma");
    expect(state(second)).toEqual(["saved", 0]);
    pass(10_000);
    expect(server.text).toBe("\nAlpha once\nBeta\nGamma");
    expect(first.doc.clientID).not.toBe(second.doc.clientID);
  });

  test("where a browser cannot tell which tabs live, two that offer the same edits change nothing twice", async () => {
    const locks = Object.getOwnPropertyDescriptor(navigator, "locks") as PropertyDescriptor;
    Reflect.deleteProperty(navigator, "locks");
    const [first, second] = await twoTabs();
    pass(10_000);
    expect(server.text).toBe("\nAlpha once\nBeta\nGamma");
    expect([state(first), state(second)]).toEqual([
      ["saved", 0],
      ["saved", 0],
    ]);
    Object.defineProperty(navigator, "locks", locks);
  });

  test("belongs to one participant and one document, and goes when they sign out", async () => {
    const connection = await open();
    server.live.drop();
    server.reachable = false;
    type(connection, 6, " secret");
    await kept(connection);
    connection.close();
    server.reachable = true;
    await open({ participantId: "q" });
    await open({ documentId: "e" });
    expect(server.text).not.toContain("secret");
    await forgetAll("p");
    await open();
    expect(server.text).not.toContain("secret");
  });
});

describe("composing (IME)", () => {
  test("what others write waits, and comes in order when it is over", async () => {
    const connection = await open();
    connection.hold(true);
    server.write((all) => all.insert(6, "1", {}));
    server.write((all) => all.insert(7, "2", {}));
    server.flush();
    expect(text(connection).toString()).toContain("\nAlpha\n");
    type(connection, 1, "か");
    pass(100);
    expect(server.text).toContain("かAlpha12");
    connection.hold(false);
    expect(text(connection).toString()).toBe(server.text);
  });
});

describe("refused (W2, W4)", () => {
  /** Replaces the judgement of the next update that holds these words. */
  function refuse(words: string, refusal: ReturnType<Server["judge"]>): void {
    server.judge = (update) => {
      const found = Y.decodeUpdate(update).structs.some(
        (struct) =>
          struct instanceof Y.Item && struct.content instanceof Y.ContentString && struct.content.str.includes(words),
      );
      return found ? refusal : null;
    };
  }
  /** All that a rebuild takes. */
  async function rebuilt(connection: Connection, old: Y.Doc): Promise<void> {
    await until(() => {
      pass(100);
      return connection.doc !== old;
    });
    pass(100);
  }

  test("locked: the words go to the tray and stay there across reloads until they are dismissed", async () => {
    const connection = await open();
    const old = connection.doc;
    refuse("X", { reason: "locked", paragraphs: ["1-6"], text: ["X"] });
    type(connection, 9, "X");
    server.flush();
    await rebuilt(connection, old);
    expect(text(connection).toString()).toBe(server.text);
    expect(connection.doc.clientID).not.toBe(old.clientID);
    expect(connection.tray).toMatchObject([{ text: "X", paragraph: "1-6", reason: "locked" }]);
    expect(state(connection)).toEqual(["saved", 0]);
    connection.close();
    const next = await open();
    expect(next.tray).toMatchObject([{ text: "X", paragraph: "1-6", reason: "locked" }]);
    await next.dismiss(next.tray[0]?.id ?? "");
    expect(next.tray).toEqual([]);
    next.close();
    expect((await open()).tray).toEqual([]);
  });

  test("taken in part: what the server trimmed is gone here, what it took stays, what was typed since is put back", async () => {
    const connection = await open();
    const old = connection.doc;
    server.judge = (_, { doc }) => {
      if (doc.getText("text").toString().includes("taken")) return null;
      // It takes the insertion and leaves out the deletion, as the gate does with a locked paragraph.
      const copy = new Y.Doc();
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
      copy.clientID = connection.doc.clientID;
      copy.getText("text").insert(6, " taken", {});
      return { reason: "locked", paragraphs: ["1-11"], rest: Y.encodeStateAsUpdate(copy, Y.encodeStateVector(doc)) };
    };
    connection.doc.transact(() => {
      type(connection, 6, " taken");
      text(connection).delete(18, 5);
    });
    server.receive();
    type(connection, 12, " and typed on");
    expect(text(connection).toString()).toBe("\nAlpha taken and typed on\nBeta\n");
    await rebuilt(connection, old);
    expect(text(connection).toString()).toBe("\nAlpha taken and typed on\nBeta\nGamma");
    expect(server.text).toBe(text(connection).toString());
    expect(connection.tray).toEqual([]);
  });

  test("a gap: all that was not taken is put back where it stood, with its marks, paragraphs and their kinds", async () => {
    const connection = await open();
    const old = connection.doc;
    let lost = 0;
    server.judge = (update) =>
      Y.decodeUpdate(update).structs.length > 0 && lost++ === 0 ? { reason: "schema" } : null;
    type(connection, 1, "0"); // refused for good; all that follows is past a gap
    server.flush();
    connection.doc.transact(() => {
      text(connection).insert(7, " bold", { strong: true });
      const id = `${connection.doc.clientID}-${Y.getState(connection.doc.store, connection.doc.clientID)}`;
      text(connection).insert(12, "\nNew paragraph", {});
      connection.doc.getMap("paragraphs").set(id, { kind: "operative" });
      connection.doc.getMap("paragraphs").set("1-11", { kind: "heading" });
      text(connection).delete(text(connection).length - 9, 3); // "Beta" → "B"
    });
    await rebuilt(connection, old);
    expect(server.text).toBe("\nAlpha bold\nNew paragraph\nB\nGamma");
    expect(server.doc.getText("text").toDelta()).toContainEqual({ insert: " bold", attributes: { strong: true } });
    const operative = [...server.doc.getMap("paragraphs").entries()].filter(
      ([, value]) => JSON.stringify(value) === '{"kind":"operative"}',
    );
    expect(operative.map(([id]) => id.split("-")[0])).toEqual([String(connection.doc.clientID)]);
    expect(server.doc.getMap("paragraphs").get("1-11")).toEqual({ kind: "heading" });
    expect(text(connection).toString()).toBe(server.text);
    expect(state(connection)).toEqual(["saved", 0]);
  });

  test("4409: the document is loaded anew under a new client id, and unacknowledged words are put back", async () => {
    const connection = await open();
    const old = connection.doc;
    server.writes = false;
    type(connection, 6, " words");
    server.receive();
    server.live.drop(4409);
    server.writes = true;
    await rebuilt(connection, old);
    expect(server.text).toBe("\nAlpha words\nBeta\nGamma");
    expect(connection.doc.clientID).not.toBe(old.clientID);
  });

  test("no word twice: where the original arrives after all, the copy goes", async () => {
    const connection = await open();
    const old = connection.doc;
    const started = Y.encodeStateVector(old);
    type(connection, 6, " words");
    const original = Y.encodeStateAsUpdate(old, started);
    server.live.drop(4409);
    await rebuilt(connection, old);
    expect(server.text).toBe("\nAlpha words\nBeta\nGamma");
    server.write(() => Y.applyUpdate(server.doc, original));
    pass(100);
    pass(100);
    expect(server.text).toBe("\nAlpha words\nBeta\nGamma");
    expect(text(connection).toString()).toBe(server.text);
  });

  test("edits of an earlier page that are refused before the document was shown are not lost either", async () => {
    const first = await open();
    server.live.drop();
    server.reachable = false;
    type(first, 6, " early");
    await kept(first);
    first.close();
    server.reachable = true;
    server.judge = () => ({ reason: "foreign_author" });
    const second = dial();
    await until(() => server.sockets.length > 1);
    server.accept();
    server.receive();
    server.sockets.at(-1)?.drop(4409);
    server.judge = () => null;
    await rebuilt(second, second.doc);
    expect(server.text).toBe("\nAlpha early\nBeta\nGamma");
    expect(text(second).toString()).toBe(server.text);
  });

  test("too fast: the same edits go again after a pause, and no other document is needed", async () => {
    const connection = await open();
    const { doc } = connection;
    server.judge = () => ({ reason: "too_fast" });
    type(connection, 6, " fast");
    server.flush();
    server.judge = () => null;
    server.live.drop(4529);
    expect(state(connection)).toEqual(["offline", 1]);
    pass(1000);
    expect(server.text).toBe("\nAlpha fast\nBeta\nGamma");
    expect(connection.doc).toBe(doc);
  });

  test("a refusal that comes again and again ends in the tray, not in a loop", async () => {
    const connection = await open();
    server.judge = (update) => (Y.decodeUpdate(update).structs.length > 0 ? { reason: "foreign_author" } : null);
    type(connection, 6, " words");
    await until(() => {
      pass(100);
      return connection.tray.length > 0;
    });
    pass(1000);
    expect(connection.tray).toMatchObject([{ text: "words", paragraph: "1-0" }]);
    expect(text(connection).toString()).toBe(server.text);
    expect(state(connection)).toEqual(["saved", 0]);
  });

  test("4400: what the server cannot read is not sent again by the next page, but kept for its author", async () => {
    const connection = await open();
    type(connection, 6, " unreadable");
    server.live.drop(4400);
    expect(connection.tray).toMatchObject([{ text: "unreadable", reason: "malformed" }]);
    await kept(connection);
    connection.close();
    const next = await open();
    expect([...(server.step2s.at(-1) ?? [])]).toEqual([0, 0]);
    expect(next.tray).toMatchObject([{ text: "unreadable" }]);
  });
});
