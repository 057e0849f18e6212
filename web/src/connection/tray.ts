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

/** Where the tray is written down. */
export interface TrayKeeper {
  putAside(items: readonly TrayItem[]): void;
  dismiss(id: string): Promise<void>;
}

export class Tray {
  private all: readonly TrayItem[] = [];

  constructor(
    private readonly keeper: TrayKeeper,
    private readonly onChange: (items: readonly TrayItem[]) => void,
  ) {}

  get items(): readonly TrayItem[] {
    return this.all;
  }
  /** What was written down by earlier pages. */
  load(items: readonly TrayItem[]): void {
    if (items.length > 0) this.show([...items, ...this.all]);
  }
  add(items: readonly TrayItem[]): void {
    if (items.length === 0) return;
    this.keeper.putAside(items);
    this.show([...this.all, ...items]);
  }
  async dismiss(id: string): Promise<void> {
    await this.keeper.dismiss(id);
    this.show(this.all.filter((item) => item.id !== id));
  }
  private show(items: readonly TrayItem[]): void {
    this.all = items;
    this.onChange(items);
  }
}
