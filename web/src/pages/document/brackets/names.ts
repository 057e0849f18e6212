/** How brackets and those who stand behind them are called in a sentence. */
import type { Problem } from "../../../api";
import { problemText } from "../../../parts/act";
import { moment, t } from "../../../text/language";
import type { Live } from "../live";
import type { By, Position } from "./calls";
import { type Issue, stanceOf } from "./issues";

const SHORT = 64;

/** A bracket's text as one line of a list has it. */
export function excerpt(text: string, length = SHORT): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 2).replace(/\s+\S*$/, "")}…]` : line;
}

export function who(live: Live, by: By | string | null): string {
  if (by === null) return "";
  if (typeof by === "string") return by;
  return by.delegation ? `${by.name} (${live.nameOf(by.delegation)})` : by.name;
}

export function stanceName(issue: Issue, delegation: string): string | null {
  const stance = stanceOf(issue, delegation);
  if (stance === null) return null;
  return stance === "named" ? t().brackets.named : t().brackets.stances[stance];
}

/** "India: Oppose. Note. As stated in the room, Ines, 25 Nov 2026, 14:02" */
export function positionSentence(live: Live, delegation: string, position: Position): string {
  const { stance, note, at, by, on_behalf } = position;
  const text = t().brackets;
  return [
    text.says(live.nameOf(delegation), text.stances[stance]),
    note ?? "",
    on_behalf ? text.onBehalf : "",
    `${who(live, by)}, ${moment(at)}`,
  ]
    .filter((part) => part !== "")
    .join(". ");
}

/** Why the server did not do something with a bracket. */
export function bracketProblem(problem: Problem): string {
  const known: Readonly<Record<string, string>> = t().brackets.errors;
  return known[problem.code] ?? problemText(problem);
}
