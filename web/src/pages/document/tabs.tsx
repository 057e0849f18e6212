import { effect, type ReadonlySignal, type Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { useMedia } from "../../parts/media";
import { t } from "../../text/language";

/** What a page without room for all of it shows, one at a time. `document.css` hides the others below 44rem. */
export const VIEWS = ["text", "comments", "brackets"] as const;
export type View = (typeof VIEWS)[number];

type TabsProps = {
  view: Signal<View>;
  /** What waits in each, where that is counted. Read here, so that nothing else is drawn anew with it. */
  counts: Partial<Record<View, ReadonlySignal<number>>>;
};

/** At the foot of a narrow page. Each view is a region of the page in its own right, so these are links and no tabs. */
export function Tabs({ view, counts }: TabsProps) {
  const text = t().document;
  return (
    <nav class="views" aria-label={text.views.title}>
      {VIEWS.map((one) => (
        <button
          key={one}
          type="button"
          class="views-one"
          aria-current={view.value === one ? "true" : undefined}
          onClick={() => {
            view.value = one;
          }}
        >
          {text.views[one]}
          {(counts[one]?.value ?? 0) > 0 && <span class="views-count">{counts[one]}</span>}
        </button>
      ))}
    </nav>
  );
}

/** The role of a part that may be all that a narrow page shows: every page has a main part. */
export function useRoleAs(part: View, view: Signal<View>): "main" | undefined {
  return useMedia("(width < 44rem)") && view.value === part ? "main" : undefined;
}

/** Marks the page with the view at once: what goes to a paragraph must find it in sight. */
export function useView(view: Signal<View>, page: RefObject<HTMLElement | null>): void {
  useEffect(
    () =>
      effect(() => {
        if (page.current) page.current.dataset.view = view.value;
      }),
    [view, page],
  );
}
