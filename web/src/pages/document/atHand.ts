import { useEffect, useState } from "preact/hooks";
import type { Live } from "./live";

/** The paragraph beside which the mouse is, the gutters included; or that was touched last. */
export function useAtHand(live: Live, wanted: boolean): string | null {
  const [hovered, setHovered] = useState<string | null>(null);
  useEffect(() => {
    const paper = live.editor?.view.dom.closest<HTMLElement>(".paper");
    if (!wanted || !paper) return;
    const move = ({ clientY, pointerType }: PointerEvent) => {
      if (pointerType === "mouse") setHovered(paragraphBeside(live, clientY));
    };
    const touch = ({ clientY, pointerType }: PointerEvent) => {
      if (pointerType !== "mouse") setHovered(paragraphBeside(live, clientY) ?? null);
    };
    const leave = ({ pointerType }: PointerEvent) => {
      if (pointerType === "mouse") setHovered(null);
    };
    paper.addEventListener("pointermove", move);
    paper.addEventListener("pointerdown", touch);
    paper.addEventListener("pointerleave", leave);
    return () => {
      paper.removeEventListener("pointermove", move);
      paper.removeEventListener("pointerdown", touch);
      paper.removeEventListener("pointerleave", leave);
    };
  }, [live, wanted, live.paragraphs.value.length > 0]);
  return hovered;
}

function paragraphBeside(live: Live, y: number): string | null {
  const text = live.editor?.view.dom;
  if (!text) return null;
  const { left, width } = text.getBoundingClientRect();
  const element = document.elementsFromPoint(left + width / 2, y).find((one) => one.id.startsWith("p-"));
  return element ? element.id.slice(2) : null;
}
