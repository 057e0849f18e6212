import { useCallback, useEffect, useRef } from "preact/hooks";

/** Goes from one place of the page to the next and back, by F8 and Shift+F8 as in the document. */
export function useSteps(places: string): (by: 1 | -1) => void {
  const at = useRef<Element | undefined>(undefined);
  const step = useCallback(
    (by: 1 | -1) => {
      const found = [...document.querySelectorAll(places)];
      const before = at.current ? found.indexOf(at.current) : -1;
      const next = found.at(before < 0 && by < 0 ? -1 : (before + by) % found.length);
      at.current?.classList.remove("stepped");
      at.current = next;
      next?.classList.add("stepped");
      next?.scrollIntoView({ block: "center" });
    },
    [places],
  );
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.code !== "F8" || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [step]);
  return step;
}
