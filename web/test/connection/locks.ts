/** Web Locks for an environment that has none: exclusive ones, as far as they are used. */
const held = new Set<string>();

const locks = {
  async request(
    name: string,
    _options: { ifAvailable: true },
    callback: (lock: { name: string } | null) => Promise<void> | undefined,
  ): Promise<void> {
    if (held.has(name)) {
      await callback(null);
      return;
    }
    held.add(name);
    await callback({ name });
    held.delete(name);
  },
};
Object.defineProperty(navigator, "locks", { value: locks, configurable: true });
