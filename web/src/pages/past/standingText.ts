import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Problem } from "../../api";
import { signedOut } from "../../me";
import { type Attribution, past } from "./calls";

const KEPT = 60; // texts that were fetched

export type StandingText = {
  value: Attribution | undefined;
  problem: Problem | undefined;
  /** Fetches the text at a point. Of those asked for meanwhile only the last is fetched: a slider asks faster. */
  ask: (point: string) => Promise<void>;
};

/** The text at whichever point was asked for last. */
export function useStandingText(documentId: string): StandingText {
  const [value, setValue] = useState<Attribution>();
  const [problem, setProblem] = useState<Problem>();
  const alive = useRef(true);
  useEffect(
    () => () => {
      alive.current = false;
    },
    [],
  );
  const ask = useMemo(() => asking(documentId, alive, setValue, setProblem), [documentId]);
  return { value, problem, ask };
}

function asking(
  documentId: string,
  alive: { current: boolean },
  onText: (text: Attribution) => void,
  onProblem: (problem: Problem | undefined) => void,
): StandingText["ask"] {
  const known = new Map<string, Attribution>();
  let wanted: string | null = null;
  let under: Promise<void> | null = null;
  const work = async () => {
    while (wanted !== null && alive.current) {
      const point: string = wanted;
      wanted = null;
      const found = known.get(point) ?? (await past.attribution(documentId, point));
      if (/^\d{1,15}$/.test(point)) known.set(point, found); // what was, stays; "head" does not
      if (known.size > KEPT) known.delete(known.keys().next().value as string);
      if (!alive.current) return;
      onText(found);
      onProblem(undefined);
    }
  };
  return (point) => {
    wanted = point;
    under ??= work()
      .catch((failure) => {
        if (!(failure instanceof Problem)) throw failure;
        if (failure.status === 401) signedOut();
        onProblem(failure);
      })
      .finally(() => {
        under = null;
      });
    return under;
  };
}
