/** Random names. `crypto.randomUUID` would do, but browsers keep it from pages without https, such as in a hall's own net. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
