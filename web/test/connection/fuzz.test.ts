import "fake-indexeddb/auto";
import "./locks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Connection } from "../../src/connection/connection";
import { forgetAll } from "../../src/connection/keep";
import { connect } from "../../src/connection/provider";
import { Random } from "../random";
import { Server } from "./server";

const seeds = Number(process.env.SEEDS ?? 40);
const start = Number(process.env.START ?? 0);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** One participant with two tabs behind a bad line, before a server that refuses some things; another participant. */
class Run {
  readonly random: Random;
  readonly server = new Server("Alpha", "Beta", "Gamma");
  readonly connections: Connection[] = [];
  readonly deleted = new Set<string>();
  readonly written: string[] = [];
  private count = 0x4e00;

  constructor(seed: number) {
    this.random = new Random(seed);
  }
  open(participantId: string): Connection {
    const { random, server } = this;
    return connect({
      documentId: "d",
      participantId,
      url: "ws://test",
      open: server.open,
      random: () => random.next(),
    });
  }
  async begin(): Promise<void> {
    for (const participant of ["p", "p", "q"]) this.connections.push(this.open(participant));
    await turns(10);
    this.server.flush();
    await Promise.all(this.connections.map(({ opened }) => opened));
  }

  private edit(): void {
    const { random } = this;
    const text = random.pick(this.connections).doc.getText("text");
    const at = 1 + random.below(text.length);
    if (random.chance(0.2) && at < text.length) {
      this.deleted.add(text.toString()[at] as string);
      text.delete(at, 1);
      return;
    }
    const char = String.fromCharCode(this.count++);
    this.written.push(char);
    text.insert(at, random.chance(0.15) ? `\n${char}` : char, random.chance(0.2) ? { em: true } : {});
  }
  private trouble(): void {
    const { random, server } = this;
    const open = server.sockets.filter(({ readyState }) => readyState === 1);
    if (open.length > 0 && random.chance(0.7)) random.pick(open).drop(random.pick([1006, 1012, 1013, 4409, 4529]));
    else
      server.judge = random.chance(0.5) ? () => null : () => (random.chance(0.3) ? { reason: "foreign_author" } : null);
  }
  /** A tab is closed and opened again: all that it did not get rid of must come from what is kept. */
  private async reload(): Promise<void> {
    const index = this.random.below(this.connections.length);
    const old = this.connections[index] as Connection;
    await turns(20);
    if (!old.status.kept) return;
    old.close();
    const fresh = this.open(index === 2 ? "q" : "p");
    this.connections[index] = fresh;
    await turns(20);
    for (let i = 0; i < 50 && fresh.status.state === "opening"; i++) this.pass(1000);
    for (let i = 0; i < 50 && !fresh.doc.getText("text").length; i++) this.pass(1000);
  }
  private pass(milliseconds: number): void {
    vi.advanceTimersByTime(milliseconds);
    this.server.beat();
    this.server.flush();
  }
  async step(): Promise<void> {
    const { random, server } = this;
    const x = random.next();
    if (x < 0.6) this.edit();
    else if (x < 0.7) server.accept();
    else if (x < 0.8) server.receive();
    else if (x < 0.9) server.deliver();
    else if (x < 0.95) this.trouble();
    else if (x < 0.96) await this.reload();
    vi.advanceTimersByTime(random.below(80));
    await turns(1);
  }
  async end(): Promise<void> {
    this.server.judge = () => null;
    for (let i = 0; i < 40; i++) {
      this.pass(2000);
      await turns(2);
    }
  }
  /** Characters that are neither in the text nor in a tray, and those that are there twice. */
  outcome(): object {
    const text = this.server.text;
    const trays = this.connections.flatMap(({ tray }) => tray.map((item) => item.text)).join("");
    const times = (char: string) => text.split(char).length - 1;
    return {
      lost: this.written.filter((char) => !this.deleted.has(char) && times(char) === 0 && !trays.includes(char)),
      doubled: this.written.filter((char) => times(char) > 1),
      unequal: this.connections.filter(({ doc }) => doc.getText("text").toString() !== text).length,
      states: this.connections.map(({ status }) => `${status.state} ${status.unsaved}`),
    };
  }
  async close(): Promise<void> {
    for (const connection of this.connections) connection.close();
    for (const participant of ["p", "q"]) await forgetAll(participant);
  }
}

test(`W3, W5: ${seeds} seeds of broken lines, refusals, rebuilds and reloads lose no word and double none`, {
  timeout: 600_000,
}, async () => {
  const failed: unknown[] = [];
  for (let seed = start; seed < start + seeds; seed++) {
    const run = new Run(seed);
    await run.begin();
    for (let i = 0; i < 120; i++) await run.step();
    await run.end();
    const outcome = run.outcome();
    try {
      expect(outcome).toEqual({ lost: [], doubled: [], unequal: 0, states: ["saved 0", "saved 0", "saved 0"] });
    } catch {
      failed.push({ seed, ...outcome });
    }
    await run.close();
  }
  expect(failed).toEqual([]);
});
