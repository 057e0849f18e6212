/** Words that the server did not take and that could not be put back: kept until their author deals with them. */
import type { Reason } from "./messages";

export interface TrayItem {
  readonly id: string;
  readonly text: string;
  /** The paragraph they were written in, when it is known. */
  readonly paragraph: string | null;
  readonly reason: Reason;
  readonly at: Date;
}
