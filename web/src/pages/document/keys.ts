import { useEffect } from "preact/hooks";

type PageKeys = {
  onHelp: () => void;
  onGoTo: () => void;
  onExport: () => void;
  onPast: () => void;
  onRegion: (step: 1 | -1) => void;
};

/** Keys of the whole page, by their place on the keyboard: Russian and French keyboards have other letters there. */
export function usePageKeys({ onHelp, onGoTo, onExport, onPast, onRegion }: PageKeys): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return;
      const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      const chord = (event.ctrlKey || event.metaKey) && event.altKey && !event.shiftKey;
      if (command && event.code === "Slash") onHelp();
      else if (chord && event.code === "KeyS" && !event.getModifierState("AltGraph")) onExport();
      else if (chord && event.code === "KeyH" && !event.getModifierState("AltGraph")) onPast();
      else if (command && event.code === "KeyG") onGoTo();
      else if (event.code === "F6" && !event.ctrlKey && !event.altKey) onRegion(event.shiftKey ? -1 : 1);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}

/** The next part of the page that is in sight, counted from where the focus is. */
export function nextRegion(step: 1 | -1): HTMLElement | undefined {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((one) => one.checkVisibility());
  const at = regions.findIndex((one) => one.contains(document.activeElement));
  return regions.at((at < 0 && step < 0 ? -1 : at + step) % regions.length);
}
