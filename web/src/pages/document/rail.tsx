import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { closeDialog, Dialog } from "../../parts/dialog";
import { t } from "../../text/language";
import type { Live } from "./live";
import { Outline } from "./outline";

const LINE = 160; // pixels below the top of the window: the paragraph on this line is the one being read

type RailProps = { live: Live; onGo: (id: string) => void };

/** The outline at the side of the text. */
export function Rail({ live, onGo }: RailProps) {
  const current = useCurrent(live);
  return (
    <nav class="rail" aria-label={t().document.regions.outline} data-region="outline" tabIndex={-1}>
      <h2 class="rail-title">{t().document.outline}</h2>
      <Outline live={live} current={current} onGo={onGo} />
    </nav>
  );
}

/** The outline where the page has no room for it at the side. */
export function RailDrawer({ live, onGo, onClose }: RailProps & { onClose: () => void }) {
  const current = useCurrent(live);
  return (
    <Dialog title={t().document.outline} onClose={onClose}>
      <Outline
        live={live}
        current={current}
        onGo={(id) => {
          closeDialog();
          onClose();
          onGo(id);
        }}
      />
    </Dialog>
  );
}

/** The paragraph where one is: that of the caret while one writes, else the topmost in sight. */
function useCurrent(live: Live): string | null {
  const [read, setRead] = useState<string | null>(null);
  const written = useComputed(() => live.caret.value?.paragraph ?? null);
  const opened = live.opened.value;
  useEffect(() => {
    if (!opened) return;
    let asked = 0;
    const look = () => {
      asked = 0;
      setRead(paragraphAt(LINE));
    };
    const scrolled = () => {
      asked ||= requestAnimationFrame(look);
    };
    window.addEventListener("scroll", scrolled, { passive: true });
    scrolled();
    return () => {
      window.removeEventListener("scroll", scrolled);
      cancelAnimationFrame(asked);
    };
  }, [opened]);
  return written.value ?? read;
}

export function paragraphAt(y: number): string | null {
  const text = document.querySelector(".text");
  if (!text) return null;
  const { left, width } = text.getBoundingClientRect();
  for (const element of document.elementsFromPoint(left + width / 2, y)) {
    const id = element.closest('[id^="p-"]')?.id;
    if (id) return id.slice(2);
  }
  return null;
}
