import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

type DisclosureProps = {
  /** The button's name, where its face does not say it. */
  label?: string;
  face: ComponentChildren;
  children: ComponentChildren | ((close: () => void) => ComponentChildren);
  className?: string;
};

/** A button that opens a small panel under itself. Esc, a press elsewhere and leaving by Tab close it. */
export function Disclosure({ label, face, children, className = "button quiet" }: DisclosureProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const panel = useId();

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);

  const close = () => {
    setOpen(false);
    root.current?.querySelector("button")?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc is heard for whatever inside has the focus
    <div
      class="disclosure"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        type="button"
        class={className}
        aria-label={label}
        title={label}
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      <div class="panel" id={panel} hidden={!open}>
        {open && (typeof children === "function" ? children(close) : children)}
      </div>
    </div>
  );
}
