import { useState } from "preact/hooks";
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
  run: (action: () => Promise<void>) => Promise<void>;
};

/** Something that a person asks the server for: under way or not, and what became of it. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const run = async (action: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem("");
    try {
      await action();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (failure.status === 401) signedOut();
      setProblem(problemText(failure));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run };
}
