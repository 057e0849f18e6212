import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Editor } from "../../editor/interface";
import { copy } from "../../parts/announcer";
import { t } from "../../text/language";
import { EditingTags } from "./editingTags";
import type { Live } from "./live";
import { LockTags } from "./lockTags";
import { Toolbar } from "./toolbar";

type SheetProps = {
  live: Live;
  documentId?: string;
  editable: boolean;
  /** What lies over the page, once there is a text on it. */
  children?: ComponentChildren;
};

/**
 * The page itself: the text, the bar for its formatting above it, what is agreed and who is writing where. Without a
 * `documentId` nothing is settled here, not by the chair either.
 */
export function Sheet({ live, documentId, editable, children }: SheetProps) {
  const mount = useRef<HTMLDivElement>(null);
  const after = useRef<HTMLParagraphElement>(null);
  const [editor, setEditor] = useState<Editor>();
  const label = t().document.page;
  const opened = live.opened.value;

  // The editor is made once; what changes later goes through it.
  useEffect(() => {
    if (!opened || !mount.current) return;
    const unmount = live.mount(mount.current, label, editable, () => after.current?.focus());
    setEditor(live.editor);
    return () => {
      setEditor(undefined);
      unmount();
    };
  }, [live, opened]);

  return (
    <div class="sheet-column">
      {editable && editor && (
        <Toolbar editor={editor} live={live} onCopyLink={(id) => void copy(linkTo(id), t().document.linkCopied)} />
      )}
      <div class="paper">
        {!opened && <Skeleton />}
        <div class="text" ref={mount} />
        <EditingTags live={live} />
        {editor && <LockTags live={live} documentId={documentId} />}
        {editor && children}
      </div>
      {editable && (
        <p class="after-text" ref={after} tabIndex={-1}>
          {t().document.leftText}
        </p>
      )}
    </div>
  );
}

function linkTo(id: string): string {
  return `${location.origin}${location.pathname}#p-${id}`;
}

/** Where the text will be. */
function Skeleton() {
  return (
    <div class="skeleton" role="status">
      <span class="off-screen">{t().common.loading}</span>
      {[62, 96, 88, 94, 41, 97, 90, 73].map((width) => (
        <span key={width} class="skeleton-line" style={{ inlineSize: `${width}%` }} aria-hidden="true" />
      ))}
    </div>
  );
}
