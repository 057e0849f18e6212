import { signal } from "@preact/signals";
import { api, type Me, Problem, type Right } from "./api";

/** Who one is, by `GET /api/me`. */
export type Standing =
  | { state: "asking" }
  | { state: "signedIn"; me: Me }
  | { state: "signedOut"; left: boolean }
  | { state: "unreachable" };

export const standing = signal<Standing>({ state: "asking" });

const AGAIN_AFTER = 3000; // milliseconds between tries while the server cannot be reached

export async function askWhoIAm(): Promise<void> {
  try {
    standing.value = { state: "signedIn", me: await api.me() };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) {
      standing.value = { state: "signedOut", left: false };
      return;
    }
    standing.value = { state: "unreachable" };
    setTimeout(askWhoIAm, AGAIN_AFTER);
  }
}

/** One who is signed in; pages that need one are shown to nobody else. */
export function whoAmI(): Me {
  if (standing.value.state !== "signedIn") throw new Error("shown to somebody who is not signed in");
  return standing.value.me;
}

export function may(right: Right): boolean {
  return standing.value.state === "signedIn" && standing.value.me.rights.includes(right);
}

/** Some request was answered 401: the session has ended meanwhile. */
export function signedOut(left = false): void {
  standing.value = { state: "signedOut", left };
}
