/** What is said of the record: its named points, and how the text of one is had back. */
export const enHistory = {
  title: "History",
  none: "No snapshot was taken yet.",
  automatic: "Taken by itself",
  by: (who: string, when: string) => `${who}, ${when}`,
  progress: (agreed: number, of: number, pairs: number) => `Agreed ${agreed} of ${of} · brackets: ${pairs}`,
  label: "Name this state of the text",
  labelHint: "Such as Rev.1",
  labelMissing: "Give it a name.",
  take: "Take a snapshot",
  taken: (label: string) => `${label} was taken`,
  restore: "Restore",
  restoreOf: (name: string) => `Restore ${name}`,
  restoreTitle: "Restore this text?",
  restoreBody: (name: string) =>
    `The text will read again as in “${name}”, for everybody. What was written since can be had back: a snapshot is taken first.`,
  restored: "The text was restored",
  unchanged: "The text reads so already; nothing was changed.",
  locked: "An agreed paragraph would change. It has to be reopened first.",
  frozen: "The document is frozen. Nothing was changed.",
};
