/**
 * Which pages of this browser are alive, by Web Locks: a page holds the lock of its name until it ends, however it
 * ends. Browsers without them (pages without https) cannot tell, and take every other page for ended.
 */
const lockOf = (page: string) => `rollingtext ${page}`;

/** Takes the place of a page, if it has ended; the answer releases it again. Null: it lives. */
export function claim(page: string): Promise<(() => void) | null> {
  const locks = navigator.locks as LockManager | null | undefined;
  if (!locks) return Promise.resolve(() => undefined);
  return new Promise((answer) => {
    void locks.request(lockOf(page), { ifAvailable: true }, (lock) => {
      if (lock === null) {
        answer(null);
        return undefined;
      }
      return new Promise<void>((release) => {
        answer(release);
      });
    });
  });
}
