/** What the page may say about the state of one's words. Derived from acknowledgements, never from hope. */
export type State =
  /** The document has not come yet. */
  | "opening"
  /** Everything typed here is on the server's disk. */
  | "saved"
  /** Connected; something typed here is not acknowledged yet. */
  | "saving"
  /** Connected, but the server cannot write to its disk at the moment. */
  | "held"
  | "offline"
  /** Connected, nothing typed here would be taken: observer, or frozen. */
  | "readonly"
  /** Final: close codes 4401; 4400, 4403 and 4404 (the code says which). */
  | "signedout"
  | "refused";

export interface Status {
  readonly state: State;
  /** Changes made here that the server has not acknowledged. */
  readonly unsaved: number;
  /** Whether all of those are written down on this device and would outlive the tab. */
  readonly kept: boolean;
  /** When the last change was acknowledged; absent before the first. */
  readonly at?: Date;
  /** The close code of a final state. */
  readonly code?: number;
}
