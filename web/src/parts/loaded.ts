import { useCallback, useEffect, useState } from "preact/hooks";
import { Problem } from "../api";
import { signedOut } from "../me";

export type Loaded<T> = {
  value: T | undefined;
  problem: Problem | undefined;
  again: () => Promise<void>;
  set: (value: T) => void;
};

/** Something that is fetched when a page opens, and again when asked. `key` names what is fetched. */
export function useLoaded<T>(key: string, fetchIt: () => Promise<T>): Loaded<T> {
  const [value, set] = useState<T>();
  const [problem, setProblem] = useState<Problem>();
  // `key` stands for all that `fetchIt` closes over.
  const again = useCallback(async () => {
    try {
      set(await fetchIt());
      setProblem(undefined);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (failure.status === 401) signedOut();
      setProblem(failure);
    }
  }, [key]);
  useEffect(() => {
    void again();
  }, [again]);
  return { value, problem, again, set };
}
