import { useLayoutEffect, useState } from "preact/hooks";
import type { Editing } from "../../editor/interface";
import { hueOf } from "../../parts/hue";
import { listed, t } from "../../text/language";
import type { Live } from "./live";

type Tag = { paragraph: string; top: number; people: readonly Editing[] };

/** "Kazakhstan is editing", beside the paragraph. It lies over the page and not in the text, which it never moves. */
export function EditingTags({ live }: { live: Live }) {
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const editing = live.editing.value;
  const paragraphs = live.paragraphs.value;
  // Placed anew with `paragraphs`, too: a change of the text moves them.
  useLayoutEffect(() => {
    const place = () => setTags(placed(live, editing));
    place();
    const text = live.editor?.view.dom;
    if (!text) return;
    const watch = new ResizeObserver(place); // fonts come, the window changes, lines wrap
    watch.observe(text);
    return () => watch.disconnect();
  }, [live, editing, paragraphs]);
  return (
    <div class="editing-tags">
      {tags.map(({ paragraph, top, people }) => (
        <p
          key={paragraph}
          class={`editing-tag ${hueOf(people[0]?.delegation ?? people[0]?.name ?? "")}`}
          style={{ insetBlockStart: `${top}px` }}
        >
          {sentence(people, live)}
        </p>
      ))}
    </div>
  );
}

function placed(live: Live, editing: ReadonlyMap<string, readonly Editing[]>): Tag[] {
  return [...editing].flatMap(([paragraph, people]) => {
    const element = live.editor?.element(paragraph);
    return element ? [{ paragraph, top: element.offsetTop, people }] : [];
  });
}

function sentence(people: readonly Editing[], live: Live): string {
  const names = [...new Set(people.map(({ name, delegation }) => (delegation ? live.nameOf(delegation) : name)))];
  const [only] = names;
  return names.length === 1 && only ? t().document.editing(only) : t().document.editingMany(listed(names));
}
