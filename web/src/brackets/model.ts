/** What a reading of the brackets is made of. Places are UTF-16 units of a paragraph's text; `places.ts` converts. */

export type Kind =
  | "placeholder"
  | "note"
  | "reservation"
  | "deletion"
  | "number"
  | "word_part"
  | "punctuation"
  | "alternative"
  | "paragraph"
  | "section"
  | "contested";
export type RunClass = "alternatives" | "open" | "additive" | "ambiguous";
export type Stance = "support" | "oppose" | "can_accept" | "prefer" | "reserve" | "awaiting";
/** What a paragraph says of itself at its start. */
export type Status = "agreed" | "agreed_ad_ref" | "pending";
export type LintCode = "UNCLOSED" | "STRAY_CLOSE" | "AGREED_WITH_BRACKETS";

/** Who stands behind a bracket; without a verb the stance is open. */
export interface Attribution {
  readonly delegation: string;
  readonly stance: Stance | null;
}

/**
 * A matched pair, from the `[` at `start` of paragraph `first` to behind the `]` at `end` of paragraph `last`.
 * Paragraphs are named by their index in what was read, other brackets by their index in the reading.
 */
export interface Bracket {
  readonly first: number;
  readonly start: number;
  readonly last: number;
  readonly end: number;
  /** From 1, counted in matched pairs alone. */
  readonly depth: number;
  readonly parent: number | null;
  readonly kind: Kind;
  /** Offers alternatives by a slash inside. */
  readonly slashed: boolean;
  /** The first member of its run. */
  readonly run: number | null;
  readonly runClass: RunClass | null;
  readonly attribution: readonly Attribution[];
  /** Where the words stand that say so; a paragraph by its index. */
  readonly said: readonly Place[];
}

export interface Place {
  readonly paragraph: number;
  readonly from: number;
  readonly to: number;
}

/** A paragraph that offers itself as one of several; `group` is the paragraph of the group's first, null: alone. */
export interface Option {
  readonly paragraph: number;
  readonly group: number | null;
  /** "No text": choosing it deletes. */
  readonly empty: boolean;
}

/** How a lint may be mended: take `delete` characters out at `at`, put `insert` there. */
export interface Mend {
  readonly paragraph: number;
  readonly at: number;
  readonly delete: number;
  readonly insert: string;
}

export interface Lint {
  readonly code: LintCode;
  readonly paragraph: number;
  readonly start: number;
  readonly end: number;
  readonly mend: Mend;
}

/** Everything that the grammar finds, in the order of the text. */
export interface Reading {
  readonly brackets: readonly Bracket[];
  readonly options: readonly Option[];
  readonly statuses: ReadonlyMap<number, Status>;
  readonly lints: readonly Lint[];
  /** Each paragraph as it is counted: struck text and facilitator's notes are blank. */
  readonly texts: readonly string[];
}

/** The progress counts of B6. */
export interface Counts {
  readonly pairs: number;
  readonly issues: number;
  readonly placeholders: number;
  readonly words: number;
  readonly words_bracketed: number;
  readonly paragraphs: number;
  readonly clean_paragraphs: number;
  readonly agreed_paragraphs: number;
  readonly lints: number;
}

/** What is read. `struck`: stretches [from, to) of the text that are struck through. */
export interface Paragraph {
  readonly id: string;
  readonly kind: string;
  readonly level: number;
  readonly text: string;
  readonly struck: readonly (readonly [from: number, to: number])[];
}
