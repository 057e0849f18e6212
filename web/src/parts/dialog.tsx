import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../text/language";
import { Icon } from "./icon";

type DialogProps = {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
  size?: "small" | "large" | "full";
};

/** A modal dialog of the browser's own: it traps the focus, closes on Esc and gives the focus back. */
export function Dialog({ title, children, onClose, size = "small" }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog dialog-${size}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        if (event.target !== element.current) return; // a picker of files that was put away says so, too
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" class="button quiet square" aria-label={t().common.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/**
 * Closes the dialog that is open, at once: for what then puts the focus elsewhere, which closing it later would take
 * back to where it was before.
 */
export function closeDialog(): void {
  document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
}

type ConfirmProps = {
  title: string;
  body: string;
  action: string;
  grave?: boolean;
  busy?: boolean;
  problem?: string;
  onConfirm: () => void;
  onClose: () => void;
};

export function Confirm({ title, body, action, grave, busy, problem, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{body}</p>
      {problem && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {t().common.cancel}
        </button>
        <button
          type="button"
          class={`button ${grave ? "grave" : "primary"}`}
          disabled={busy ?? false}
          onClick={onConfirm}
        >
          {action}
        </button>
      </div>
    </Dialog>
  );
}
