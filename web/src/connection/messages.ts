/** Messages of the socket: y-protocols' sync and awareness, and the JSON of type 100 (contract W1, W2). */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const JSON_MESSAGE = 100;
const [STEP1, STEP2, UPDATE] = [0, 1, 2];

/** Why the server did not take something (W2). */
export type Reason =
  | "locked"
  | "read_only"
  | "frozen"
  | "foreign_author"
  | "gap"
  | "malformed"
  | "too_large"
  | "too_fast"
  | "schema";

export interface Welcome {
  readonly type: "welcome";
  readonly seq: number;
  readonly participant: unknown;
  readonly document: unknown;
  readonly locks: unknown;
  readonly focus: string | null;
}
export interface Saved {
  readonly type: "saved";
  readonly updates: number;
  readonly step2: boolean;
  readonly seq: number;
}
export interface Refused {
  readonly type: "refused";
  /** Number of the update message on this socket; null is the answer to the server's step 1. */
  readonly update: number | null;
  readonly reason: Reason;
  readonly paragraphs: readonly string[];
  readonly text: readonly string[];
}
export interface RoomEvent {
  readonly type: "event";
  readonly seq: number;
  readonly kind: string;
  readonly by: unknown;
  readonly at: string;
  readonly data: unknown;
}
export interface Presence {
  readonly type: "presence";
  readonly online: readonly unknown[];
  readonly observers: number;
}
export type ServerJson = Welcome | Saved | Refused | RoomEvent | Presence;

export type Message =
  | { readonly kind: "step1"; readonly stateVector: Uint8Array }
  | { readonly kind: "step2" | "update" | "awareness"; readonly update: Uint8Array }
  | { readonly kind: "queryAwareness" }
  | { readonly kind: "json"; readonly json: ServerJson }
  /** Of a later protocol: to be passed over. */
  | { readonly kind: "unknown" };

const JSON_TYPES = new Set(["welcome", "saved", "refused", "event", "presence"]);

function parseJson(text: string): Message {
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null || !("type" in json) || !JSON_TYPES.has(String(json.type)))
    return { kind: "unknown" };
  return { kind: "json", json: json as ServerJson };
}

/** One message of a frame; throws on bytes that are none. */
export function parse(frame: Uint8Array): Message {
  const decoder = decoding.createDecoder(frame);
  switch (decoding.readVarUint(decoder)) {
    case SYNC: {
      const step = decoding.readVarUint(decoder);
      const bytes = decoding.readVarUint8Array(decoder);
      if (step === STEP1) return { kind: "step1", stateVector: bytes };
      if (step === STEP2) return { kind: "step2", update: bytes };
      return step === UPDATE ? { kind: "update", update: bytes } : { kind: "unknown" };
    }
    case AWARENESS:
      return { kind: "awareness", update: decoding.readVarUint8Array(decoder) };
    case QUERY_AWARENESS:
      return { kind: "queryAwareness" };
    case JSON_MESSAGE:
      return parseJson(decoding.readVarString(decoder));
    default:
      return { kind: "unknown" };
  }
}

function message(types: readonly number[], bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return encoding.encode((encoder) => {
    for (const type of types) encoding.writeVarUint(encoder, type);
    encoding.writeVarUint8Array(encoder, bytes);
  }) as Uint8Array<ArrayBuffer>;
}

export const step1 = (stateVector: Uint8Array) => message([SYNC, STEP1], stateVector);
export const step2 = (update: Uint8Array) => message([SYNC, STEP2], update);
export const syncUpdate = (update: Uint8Array) => message([SYNC, UPDATE], update);
export const awarenessUpdate = (update: Uint8Array) => message([AWARENESS], update);
