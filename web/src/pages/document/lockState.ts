import type { RoomEvent, Welcome } from "../../connection/messages";
import type { LockStatus } from "../../editor/locks";

/** Who settled something, as the server says it. */
export type By = { id: string; name: string; delegation: string | null };
/** What was agreed, by whom and when (contract, section 5). */
export type Lock = { status: LockStatus; by: By; at: string };
export type Locks = ReadonlyMap<string, Lock>;

export const locksOf = ({ locks }: Welcome): Locks => new Map(Object.entries((locks ?? {}) as Record<string, Lock>));

/** Whether the text is closed to everybody, and what the chair said of it. */
export type Frozen = { frozen: boolean; reason: string | null };

export function frozenOf({ document }: Welcome): Frozen {
  const { frozen, frozen_reason } = (document ?? {}) as { frozen?: boolean; frozen_reason?: string | null };
  return { frozen: Boolean(frozen), reason: frozen_reason ?? null };
}

/** The locks after an event of the room; the same object where it is about something else. */
export function locksAfter(locks: Locks, { kind, by, at, data }: RoomEvent): Locks {
  if (kind !== "lock" && kind !== "unlock") return locks;
  const { paragraph, status } = data as { paragraph: string; status: LockStatus };
  const next = new Map(locks);
  if (kind === "lock") next.set(paragraph, { status, by: by as By, at });
  else next.delete(paragraph);
  return next;
}
