import { useRef, useState } from "preact/hooks";
import { Problem } from "../api";
import { signedOut } from "../me";
import { t } from "../text/language";

/** What to tell a person about a problem: in their language where the page knows the code, else the server's sentence. */
export function problemText(problem: Problem): string {
  const known: Record<string, string> = t().errors;
  return known[problem.code] ?? (problem.detail || t().errors.unexpected);
}

export type Act = {
  busy: boolean;
  problem: string;
  /** The server's own sentence about it. */
  detail: string;
  run: (action: () => Promise<void>) => Promise<void>;
  /** The same, also while something is under way, which then counts no more. */
  again: (action: () => Promise<void>) => Promise<void>;
};

/** Something that a person asks the server for: under way or not, and what became of it. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [detail, setDetail] = useState("");
  const latest = useRef(0);
  const again = async (action: () => Promise<void>) => {
    latest.current += 1;
    const own = latest.current;
    setBusy(true);
    setProblem("");
    setDetail("");
    try {
      await action();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (failure.status === 401) signedOut();
      if (own !== latest.current) return;
      setProblem(problemText(failure));
      setDetail(failure.detail);
    } finally {
      if (own === latest.current) setBusy(false);
    }
  };
  const run = async (action: () => Promise<void>) => {
    if (!busy) await again(action);
  };
  return { busy, problem, detail, run, again };
}
