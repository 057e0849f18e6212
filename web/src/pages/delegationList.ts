import type { Delegation, DelegationKind } from "../api";

const KINDS: readonly DelegationKind[] = ["member", "observer", "organisation"];
const LINE = /^(\S+)\s+(.+?)(?:\s*,\s*(member|observer|organisation))?$/iu;

/** What was read, or the line that is no delegation, counted from 1. */
export type Read = { delegations: Delegation[] } | { badLine: number };

/** One delegation on a line, "KAZ Kazakhstan" or "JPN Japan, observer". */
export function readDelegations(text: string): Read {
  const delegations: Delegation[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (!line.trim()) continue;
    const [, code, name, kind] = LINE.exec(line.trim()) ?? [];
    if (!code || !name) return { badLine: index + 1 };
    delegations.push({ code: code.toUpperCase(), name, kind: kindOf(kind) });
  }
  return { delegations };
}

export function writeDelegations(delegations: readonly Delegation[]): string {
  return delegations.map(({ code, name, kind }) => `${code} ${name}${kind === "member" ? "" : `, ${kind}`}`).join("\n");
}

function kindOf(word: string | undefined): DelegationKind {
  return KINDS.find((kind) => kind === word?.toLowerCase()) ?? "member";
}
