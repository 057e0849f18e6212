import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { closeDialog, Dialog } from "../../parts/dialog";
import { t } from "../../text/language";
import type { Brackets } from "./brackets/brackets";
import { BracketPanel } from "./brackets/panel";
import { HistoryPanel } from "./history/panel";
import type { Live } from "./live";
import { Outline } from "./outline";
import { useRoleAs } from "./tabs";

const LINE = 160; // pixels below the top of the window: the paragraph on this line is the one being read

type RailProps = { live: Live; onGo: (id: string) => void };

/** At the side of the text: the outline, the brackets, or the named points of the record. */
export function Rail({ live, documentId, brackets, onGo }: RailProps & { documentId: string; brackets: Brackets }) {
  const current = useCurrent(live);
  const role = useRoleAs("brackets", live.view);
  const shown = live.rail.value;
  const listed = shown === "brackets" || live.view.value === "brackets"; // out of sight it costs nothing
  const faces = { outline: t().document.outline, brackets: t().brackets.title, history: t().history.title };
  return (
    <div class="rail" role={role} data-region="outline" data-shown={shown} tabIndex={-1}>
      <div class="rail-head">
        <div class="rail-faces">
          {(["outline", "brackets", "history"] as const).map((one) => (
            <button
              key={one}
              type="button"
              class="rail-face"
              aria-pressed={shown === one}
              onClick={() => {
                live.rail.value = one;
              }}
            >
              {faces[one]}
            </button>
          ))}
        </div>
      </div>
      <nav class="rail-outline" aria-label={t().document.regions.outline}>
        <Outline live={live} current={current} onGo={onGo} />
      </nav>
      <section class="rail-brackets" aria-label={faces.brackets} id="brackets" tabIndex={-1}>
        {listed && <BracketPanel live={live} brackets={brackets} />}
      </section>
      {shown === "history" && (
        <section class="rail-history" aria-label={faces.history}>
          <HistoryPanel live={live} documentId={documentId} />
        </section>
      )}
    </div>
  );
}

/** Shows the list of brackets where the page has room for it. */
export function showBrackets(live: Live, drawer: () => void): void {
  const rail = document.querySelector<HTMLElement>(".rail");
  live.rail.value = "brackets";
  if (matchMedia("(width < 44rem)").matches) live.view.value = "brackets";
  else if (rail?.checkVisibility()) requestAnimationFrame(() => document.getElementById("brackets")?.focus());
  else drawer();
}

/** The brackets where the page has no room for them at the side. */
export function BracketDrawer({ live, brackets, onClose }: { live: Live; brackets: Brackets; onClose: () => void }) {
  return (
    <Dialog title={t().brackets.title} onClose={onClose}>
      <BracketPanel
        live={live}
        brackets={brackets}
        onShown={() => {
          closeDialog();
          onClose();
        }}
      />
    </Dialog>
  );
}

/** The outline and the history where the page has no room for it at the side. */
export function RailDrawer({
  live,
  documentId,
  onGo,
  onClose,
}: RailProps & { documentId: string; onClose: () => void }) {
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
      <h3>{t().history.title}</h3>
      <HistoryPanel live={live} documentId={documentId} />
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
