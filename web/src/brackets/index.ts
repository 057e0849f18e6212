/**
 * The grammar of brackets in negotiating texts (B1), as `crdt/brackets` reads it: pure, and linear in the text. Where
 * the rules leave room, `docs/decisions/0002-reading-brackets.md` says what was decided.
 */
export { count } from "./counts";
export type {
  Attribution,
  Bracket,
  Counts,
  Kind,
  Lint,
  LintCode,
  Mend,
  Option,
  Paragraph,
  Place,
  Reading,
  RunClass,
  Stance,
  Status,
} from "./model";
export { number } from "./numbering";
export { pointsOf, unitsOf } from "./places";
export { Reader, type Source } from "./reader";
export { read, textOf } from "./reading";
export { Register } from "./register";
