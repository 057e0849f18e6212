/** Positions and selections that survive whatever is written around them. */
import { type EditorState, type Selection, TextSelection } from "prosemirror-state";
import * as Y from "yjs";
import type { Binding } from "./binding";
import { flatOffset, locate } from "./units";

export interface Anchored {
  readonly anchor: Y.RelativePosition;
  readonly head: Y.RelativePosition;
}

/** A position, bound to the character on its left: what another writes there stays to its right. */
const bind = (text: Y.Text, state: EditorState, position: number): Y.RelativePosition =>
  Y.createRelativePositionFromTypeIndex(text, Math.max(1, flatOffset(state.doc, position)), -1);

export const anchored = ({ text }: Binding, state: EditorState): Anchored => ({
  anchor: bind(text, state, state.selection.anchor),
  head: bind(text, state, state.selection.head),
});

/** Where a position is now; null when its character is unknown here. */
export function find({ doc, text, host }: Binding, relative: Y.RelativePosition): number | null {
  const absolute = Y.createAbsolutePositionFromRelativePosition(relative, doc);
  if (absolute === null || absolute.type !== text || text.length === 0) return null;
  return locate(host.state.doc, Math.min(Math.max(1, absolute.index), text.length)).position;
}

export function findSelection(binding: Binding, { anchor, head }: Anchored): Selection | null {
  const [from, to] = [find(binding, anchor), find(binding, head)];
  const { doc } = binding.host.state;
  return from === null || to === null ? null : TextSelection.between(doc.resolve(from), doc.resolve(to));
}

export const toJson = ({ anchor, head }: Anchored) => ({
  anchor: Y.relativePositionToJSON(anchor),
  head: Y.relativePositionToJSON(head),
});

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** A position that another client sent; null when it is none in the text. Yjs itself takes anything and breaks later. */
function positionFromJson(json: unknown): Y.RelativePosition | null {
  if (typeof json !== "object" || json === null) return null;
  const { item, assoc } = json as Record<string, unknown>;
  if (typeof item !== "object" || item === null) return null;
  const { client, clock } = item as Record<string, unknown>;
  if (!isCount(client) || !isCount(clock)) return null;
  return Y.createRelativePositionFromJSON({ item: { client, clock }, assoc: assoc === 0 ? 0 : -1 });
}

export function fromJson(json: unknown): Anchored | null {
  if (typeof json !== "object" || json === null) return null;
  const { anchor, head } = json as Record<string, unknown>;
  const [from, to] = [positionFromJson(anchor), positionFromJson(head)];
  return from === null || to === null ? null : { anchor: from, head: to };
}
