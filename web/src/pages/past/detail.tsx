import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { t } from "../../text/language";

const MARKED = "[data-detail]";

type DetailedProps = { label: string; className?: string; children: ComponentChildren };

/**
 * Something whose parts tell more of themselves, each by its `data-detail`: under the pointer, and with the arrow keys
 * once it has the focus. What they tell stands at the foot of the window.
 */
export function Detailed({ label, className = "", children }: DetailedProps) {
  const root = useRef<HTMLDivElement>(null);
  const current = useRef<Element | undefined>(undefined);
  const [said, setSaid] = useState("");
  const choose = (part: Element | undefined) => {
    current.current?.removeAttribute("data-current");
    current.current = part;
    part?.setAttribute("data-current", "");
    setSaid(part?.getAttribute("data-detail") ?? "");
  };
  const step = (by: 1 | -1) => {
    const parts = [...(root.current?.querySelectorAll(MARKED) ?? [])].filter((one) => one.checkVisibility());
    const at = current.current ? parts.indexOf(current.current) : by > 0 ? -1 : 0;
    const next = parts.at((at + by) % parts.length);
    choose(next);
    next?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: no fields, but a text whose parts are gone through with the arrow keys */}
      <div
        ref={root}
        class={className}
        role="group"
        aria-label={label}
        aria-roledescription={t().past.stepped}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it hears the arrow keys
        tabIndex={0}
        onPointerOver={(event) => choose((event.target as Element).closest(MARKED) ?? undefined)}
        onPointerLeave={() => choose(undefined)}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
          if (event.key === "ArrowRight") step(1);
          else if (event.key === "ArrowLeft") step(-1);
          else if (event.key === "Escape") choose(undefined);
          else return;
          event.preventDefault();
        }}
        onBlur={() => choose(undefined)}
      >
        {children}
      </div>
      <p class="past-detail" role="status" hidden={said === ""}>
        <bdi>{said}</bdi>
      </p>
    </>
  );
}
