import { pluralOf } from "./plural";

const count = pluralOf<"one">("en");

/** What is said of signed statements, and of the hand-over package. */
export const enProof = {
  open: "Proof",
  openOf: (name: string) => `Proof of ${name}`,
  title: (label: string) => `Proof of ${label}`,
  intro:
    "The server has signed how the text read here, what was agreed on, and what was deleted since the labelled snapshot before. Anybody can check this with Python alone, without this server.",
  failed: "Nothing could be signed. The server’s log says why; try again in a moment.",
  signed: "Signed",
  stated: "Stated",
  paragraphs: (number: number) => count(number, { one: "# paragraph", other: "# paragraphs" }),
  locks: (number: number) => `agreed: ${number}`,
  pairs: (number: number) => `open brackets: ${number}`,
  key: "Key",
  keyHint: "Put it into the minutes: whoever checks the proof compares it.",
  hash: (seq: number) => `Last hash, entry ${seq}`,
  first: "It is the first labelled snapshot: there is none before to compare with.",
  deletions: (number: number, label: string) =>
    count(number, {
      one: `# deletion since ${label}`,
      other: `# deletions since ${label}`,
    }),
  by: (who: string, when: string) => `${who}, ${when}`,
  more: (number: number) => count(number, { one: "# more is in the proof.", other: "# more are in the proof." }),
  save: "Save the proof",
  checker: "Save the checker alone",
  packing: "Packing…",
  saved: (name: string) => `${name} is ready`,
  package: "Hand-over package",
  packageHint: "Texts, changes, positions, reservations, a report and the proof in one ZIP file",
};
