import { computed, signal } from "@preact/signals";
import { unsaved } from "./unsaved";

/** Where the reader is. The server answers each of these paths with the same page. */
export type Route =
  | { page: "home" }
  | { page: "join"; token: string }
  | { page: "meeting"; meeting: string }
  | { page: "document"; document: string }
  | { page: "projector"; document: string }
  | { page: "past"; document: string }
  | { page: "nowhere" };

export const paths = {
  home: () => "/",
  join: (token: string) => `/join/${encodeURIComponent(token)}`,
  meeting: (meeting: string) => `/meetings/${encodeURIComponent(meeting)}`,
  document: (document: string) => `/documents/${encodeURIComponent(document)}`,
  projector: (document: string) => `/documents/${encodeURIComponent(document)}/projector`,
  past: (document: string) => `/documents/${encodeURIComponent(document)}/history`,
};

export function parse(path: string): Route {
  const [first, second, third, ...rest] = path.split("/").filter(Boolean).map(decoded);
  if (rest.length > 0) return { page: "nowhere" };
  if (first === undefined) return { page: "home" };
  if (second === undefined) return { page: "nowhere" };
  if (first === "documents" && third === "projector") return { page: "projector", document: second };
  if (first === "documents" && third === "history") return { page: "past", document: second };
  if (third !== undefined) return { page: "nowhere" };
  if (first === "join") return { page: "join", token: second };
  if (first === "meetings") return { page: "meeting", meeting: second };
  if (first === "documents") return { page: "document", document: second };
  return { page: "nowhere" };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray "%": the server knows no such id either
  }
}

const path = signal(location.pathname);
export const hash = signal(location.hash);
export const route = computed(() => parse(path.value));

export function go(to: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  follow();
}

/** As by a link: while something is unsaved, the browser asks before the page is left. */
export function visit(to: string): void {
  if (unsaved.value > 0) location.assign(to);
  else go(to);
}

function follow(): void {
  if (path.value !== location.pathname) window.scrollTo(0, 0);
  path.value = location.pathname;
  hash.value = location.hash;
}

/**
 * Links between the pages change the route and load nothing anew; all others are the browser's, and all while something
 * is unsaved: then it asks before the page is left.
 */
export function followLinks(): void {
  window.addEventListener("popstate", follow);
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    if (
      unsaved.value > 0 ||
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey
    )
      return;
    const link = (event.target as Element).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.target || link.origin !== location.origin) return;
    if (link.pathname === location.pathname && link.hash) return;
    if (parse(link.pathname).page === "nowhere") return;
    event.preventDefault();
    go(link.pathname + link.search + link.hash);
  });
}
