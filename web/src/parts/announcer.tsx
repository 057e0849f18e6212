import { signal } from "@preact/signals";

const SHOWN_FOR = 5000; // milliseconds

const message = signal("");
let ending: ReturnType<typeof setTimeout> | undefined;

/** Says something in passing: seen for some seconds and read out politely. */
export function announce(text: string): void {
  message.value = text;
  clearTimeout(ending);
  ending = setTimeout(() => {
    message.value = "";
  }, SHOWN_FOR);
}

/** The one live region of every page. It is always there: readers watch only regions that they have met empty. */
export function Announcer() {
  return (
    <div class="announcer" role="status" aria-live="polite">
      {message.value && <p class="toast">{message}</p>}
    </div>
  );
}

/** Copies, and says so. Without the clipboard of https the old way must do. */
export async function copy(text: string, said: string): Promise<void> {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyTheOldWay(text);
  announce(said);
}

function copyTheOldWay(text: string): void {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "off-screen";
  const host = document.querySelector("dialog[open]") ?? document.body; // a modal dialog lets nothing else be selected
  const focused = document.activeElement;
  host.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
}
