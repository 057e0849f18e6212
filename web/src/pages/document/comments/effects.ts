/** What follows by itself: places, the quote in the text, what is said aloud, keys. */
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../../api";
import { may, whoAmI } from "../../../me";
import { problemText } from "../../../parts/act";
import { announce } from "../../../parts/announcer";
import { t } from "../../../text/language";
import { placeOf } from "../chair";
import type { Live } from "../live";
import { Comments } from "./comments";
import { chosen, showQuote } from "./quoted";
import { isOpen, mayResolve, type Told } from "./thread";

const PAUSE = 60; // milliseconds after the text was laid out anew before what stands beside it follows
const QUIET = 10_000; // milliseconds between two things that are said about new comments

export function useComments(live: Live, documentId: string): Comments {
  const [comments] = useState(() => new Comments(live, documentId, whoAmI().participant, may("comment")));
  useEffect(() => () => comments.close(), [comments]);
  return comments;
}

/** A part that draws nothing: what it reads draws nothing else anew. */
export function CommentEffects({ comments }: { comments: Comments }): null {
  useTops(comments);
  useQuote(comments);
  useTurning(comments);
  useNews(comments);
  useKeys(comments);
  return null;
}

/** Where paragraphs begin: looked up anew when the text changes, fonts come or lines wrap, and never while one types on. */
function useTops({ live, tops, above }: Comments): void {
  const opened = live.opened.value;
  const paragraphs = live.paragraphs.value;
  useEffect(() => {
    const text = live.editor?.view.dom;
    if (!opened || !text) return;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      waiting = undefined;
      const now = new Map<string, number>();
      for (const element of text.children)
        if (element.id.startsWith("p-")) now.set(element.id.slice(2), (element as HTMLElement).offsetTop);
      if (differ(tops.peek(), now)) tops.value = now;
      const head = document.querySelector(".margin-head");
      if (head) above.value = text.getBoundingClientRect().top - parentTop(head) - head.clientHeight;
    };
    const soon = () => {
      waiting ??= setTimeout(look, PAUSE);
    };
    look();
    const watch = new ResizeObserver(soon);
    watch.observe(text);
    const desk = text.closest(".desk");
    if (desk) watch.observe(desk); // banners move the text
    return () => {
      clearTimeout(waiting);
      watch.disconnect();
    };
  }, [live, tops, above, opened, paragraphs]);
}

const parentTop = (element: Element) => element.parentElement?.getBoundingClientRect().top ?? 0;

function differ(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size !== other.size || [...other].some(([id, top]) => one.get(id) !== top);
}

function useQuote({ live, reading, threads }: Comments): void {
  const opened = live.opened.value;
  const paragraphs = live.paragraphs.value;
  const thread = reading.value === null ? undefined : threads.value.get(reading.value);
  const [paragraph, quote] = thread?.detached ? [undefined, null] : [thread?.paragraph, thread?.quote ?? null];
  useEffect(() => {
    if (opened) showQuote(live, paragraph !== undefined && quote !== null ? { paragraph, quote } : null);
  }, [live, opened, paragraph, quote, paragraphs]);
}

/** Who goes on to write elsewhere is done with the thread. */
function useTurning({ live, reading, threads }: Comments): void {
  const opened = live.opened.value;
  useEffect(() => {
    const text = live.editor?.view.dom;
    if (!opened || !text) return;
    const pressed = ({ target }: Event) => {
      const thread = threads.value.get(reading.value ?? "");
      const paragraph = (target as Element).closest?.('[id^="p-"]')?.id.slice(2);
      if (thread && paragraph !== undefined && paragraph !== thread.paragraph) reading.value = null;
    };
    text.addEventListener("pointerdown", pressed);
    return () => text.removeEventListener("pointerdown", pressed);
  }, [live, reading, threads, opened]);
}

/** Comments of others are said politely, and no more often than one can listen to. */
function useNews(comments: Comments): void {
  useEffect(() => {
    let last = Number.NEGATIVE_INFINITY;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let heard: string[] = [];
    const say = () => {
      waiting = undefined;
      last = performance.now();
      const [only] = heard;
      announce(heard.length === 1 && only ? only : t().comments.toldMany(heard.length));
      heard = [];
    };
    const stop = comments.live.connection.on("event", ({ kind, data, by }) => {
      if (kind !== "comment") return;
      const { action, paragraph } = data as Told;
      const who = by as Told["thread"]["by"] | null;
      if ((action !== "thread" && action !== "comment") || who === null || who.id === comments.reader.id) return;
      heard.push(
        t().comments.told(who.delegation ? comments.live.nameOf(who.delegation) : who.name, comments.nameOf(paragraph)),
      );
      waiting ??= setTimeout(say, Math.max(0, last + QUIET - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(waiting);
    };
  }, [comments]);
}

/** Begins a thread where one is, with what is selected as its quote. */
export function beginAtHand(comments: Comments): void {
  const place = chosen(comments.live);
  if (!comments.mayWrite) announce(t().comments.mayNot);
  else if (place === null) announce(t().comments.noPlace);
  else comments.begin(place.paragraph, { quote: place.quote });
}

/** Ctrl+Alt and a key, by its place on the keyboard. AltGr types a letter, and is none of these. */
function useKeys(comments: Comments): void {
  useEffect(() => {
    const here = () => comments.threads.value.get(comments.reading.value ?? "");
    const acts: Record<string, () => unknown> = {
      KeyM: () => beginAtHand(comments),
      KeyN: () => step(comments, 1),
      KeyP: () => step(comments, -1),
      Enter: () => {
        const thread = here();
        if (!thread || !comments.mayWrite) return;
        if (isOpen(thread)) comments.goTo(thread.id, "reply");
        else announce(thread.resolved ? t().errors.thread_resolved : t().errors.withdrawn);
      },
      KeyE: () => void settle(comments),
    };
    const pressed = (event: KeyboardEvent) => {
      const act = acts[event.code];
      const chord = (event.ctrlKey || event.metaKey) && event.altKey && !event.shiftKey;
      if (!act || !chord || event.getModifierState("AltGraph") || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [comments]);
}

function step(comments: Comments, by: 1 | -1): void {
  if (comments.shown.value.length > 0) comments.step(by, placeOf(comments.live));
  else announce(comments.threads.value.size > 0 ? t().comments.noneFound : t().comments.none);
}

async function settle(comments: Comments): Promise<void> {
  const thread = comments.threads.value.get(comments.reading.value ?? "");
  if (!thread || !comments.mayWrite || !mayResolve(thread, comments.reader)) return;
  try {
    await comments.settle(thread);
    announce(thread.resolved ? t().comments.reopenedNow : t().comments.resolvedNow);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    announce(problemText(problem));
  }
}
