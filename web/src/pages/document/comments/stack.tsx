import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Box, place, within } from "./layout";

const GAP = 8; // pixels between two threads
const ABOUT = 120; // pixels that a thread takes which was never drawn
const AHEAD = 600; // pixels beyond the window that are drawn, too
const COARSE = 200; // pixels of scrolling that change nothing

export type Item = {
  readonly key: string;
  /** Where it would begin; in order. 0 where it has no place: then it follows the one before. */
  readonly wanted: number;
  readonly draw: () => ComponentChildren;
};

type StackProps = {
  items: readonly Item[];
  /** Key of the one that stands where it wants to, and is drawn wherever one looks. */
  pinned: string | null;
  label: string;
};

/** Threads one below the other, of which only those in sight are drawn: there may be thousands. */
export function Stack({ items, pinned, label }: StackProps) {
  const list = useRef<HTMLOListElement>(null);
  const heights = useHeights(list);
  const [from, to] = useStretch(list);
  const boxes = items.map(({ key, wanted }): Box => ({ wanted, height: heights.get(key) ?? ABOUT }));
  const at = items.findIndex(({ key }) => key === pinned);
  const tops = place(boxes, GAP, at);
  const [first, end] = within(tops, boxes, from, to);
  const drawn = items.slice(first, end).map((item, index) => ({ item, index: first + index }));
  const kept = items[at];
  if (kept && at < first) drawn.unshift({ item: kept, index: at });
  else if (kept && at >= end) drawn.push({ item: kept, index: at });
  const foot = (tops.at(-1) ?? 0) + (boxes.at(-1)?.height ?? 0);
  return (
    <ol class="stack" ref={list} aria-label={label} style={{ blockSize: `${foot}px` }}>
      {drawn.map(({ item, index }) => (
        <li
          key={item.key}
          data-key={item.key}
          class="stack-item"
          aria-setsize={items.length}
          aria-posinset={index + 1}
          style={{ insetBlockStart: `${tops[index]}px` }}
        >
          {item.draw()}
        </li>
      ))}
    </ol>
  );
}

/** How tall those are that were ever drawn, by their keys. */
function useHeights(list: { current: HTMLOListElement | null }): ReadonlyMap<string, number> {
  const [heights, setHeights] = useState<ReadonlyMap<string, number>>(new Map());
  const watch = useRef<ResizeObserver>(undefined);
  useLayoutEffect(() => {
    watch.current = new ResizeObserver((entries) => {
      const measured = entries.flatMap(({ target }): [string, number][] => {
        const { key } = (target as HTMLElement).dataset;
        return key && target.isConnected ? [[key, (target as HTMLElement).offsetHeight]] : [];
      });
      setHeights((known) =>
        measured.every(([key, height]) => known.get(key) === height) ? known : new Map([...known, ...measured]),
      );
    });
    return () => watch.current?.disconnect();
  }, []);
  const watched = useRef(new Set<Element>());
  useLayoutEffect(() => {
    const now = new Set<Element>(list.current?.children ?? []);
    for (const one of watched.current) if (!now.has(one)) watch.current?.unobserve(one);
    for (const one of now) if (!watched.current.has(one)) watch.current?.observe(one);
    watched.current = now;
  });
  return heights;
}

/** The stretch of an element that is in the window or near it, in pixels from its upper edge. */
export function useStretch(element: { current: HTMLElement | null }): readonly [from: number, to: number] {
  const [stretch, setStretch] = useState<readonly [number, number]>([0, 0]);
  useLayoutEffect(() => {
    let asked = 0;
    const look = () => {
      asked = 0;
      const above = element.current?.getBoundingClientRect().top ?? 0;
      const from = Math.floor((-above - AHEAD) / COARSE) * COARSE;
      const to = Math.ceil((-above + window.innerHeight + AHEAD) / COARSE) * COARSE;
      setStretch((known) => (known[0] === from && known[1] === to ? known : [from, to]));
    };
    const soon = () => {
      asked ||= requestAnimationFrame(look);
    };
    look();
    document.addEventListener("scroll", soon, { capture: true, passive: true }); // whatever scrolls
    window.addEventListener("resize", soon);
    const shown = new ResizeObserver(soon); // it may have been out of sight
    if (element.current) shown.observe(element.current);
    return () => {
      document.removeEventListener("scroll", soon, { capture: true });
      window.removeEventListener("resize", soon);
      shown.disconnect();
      cancelAnimationFrame(asked);
    };
  }, [element]);
  return stretch;
}
