/** What comes in, in order; it waits while an input method composes. */
export class Inlet {
  private waiting: (() => void)[] | null = null;

  hold(composing: boolean): void {
    if (composing) {
      this.waiting ??= [];
      return;
    }
    const acts = this.waiting ?? [];
    this.waiting = null;
    for (const act of acts) act();
  }
  pass(act: () => void): void {
    if (this.waiting === null) act();
    else this.waiting.push(act);
  }
}
