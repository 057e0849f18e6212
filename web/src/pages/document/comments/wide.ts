import { useEffect, useState } from "preact/hooks";

const WIDE = "(width >= 75rem)"; // comments.css

/** Whether the margin has room beside the text. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const change = () => setWide(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return wide;
}
