import { pluralOf } from "./plural";

const plural = pluralOf<"one">("en");

/** What is said of a text on its way in: how it would read, and what of it would be changed or lost. */
export const enImports = {
  look: "Preview",
  looking: "Reading…",
  title: (name: string) => `Preview: ${name}`,
  nothingSaved: "Nothing is saved yet.",
  add: "Add to the meeting",
  back: "Back",
  tracked: "Tracked changes",
  trackedCount: (came: number, went: number) =>
    `${plural(came, { one: "# insertion", other: "# insertions" })}, ${plural(went, { one: "# deletion", other: "# deletions" })}`,
  trackedBy: (names: string) => `By ${names}`,
  accept: "Accept them",
  acceptHint: "The text as it would be with all of them.",
  reject: "Reject them",
  rejectHint: "The text as it was before.",
  brackets: "Put them in brackets",
  bracketsHint: "[KAZ: what came] and [KAZ: DELETE: what went], for the meeting to decide.",
  threads: (n: number) => plural(n, { one: "# comment thread", other: "# comment threads" }),
  reading: "How it will read",
  remarks: (n: number) => plural(n, { one: "# comment on this paragraph", other: "# comments on this paragraph" }),
  more: (n: number) => plural(n, { one: "And # more paragraph.", other: "And # more paragraphs." }),
  empty: "There are no words in it.",
};
