/** Whose words and changes are: by delegation, or of those who have none, by chair and secretariat together. */
import type { Delegation } from "../../api";
import { hueOf } from "../../parts/hue";
import { moment, t } from "../../text/language";
import type { By } from "../document/lockState";

export const NOBODY = ""; // the party of those without a delegation

/** The class that gives a party its colour. */
export const hue = (party: string): string => (party === NOBODY ? "hue-none" : hueOf(party));

export type Parties = {
  nameOf: (party: string) => string;
  tagOf: (party: string) => string;
};

export function partiesOf(delegations: readonly Delegation[]): Parties {
  const names = new Map(delegations.map(({ code, name }) => [code, name]));
  return {
    nameOf: (party) => (party === NOBODY ? t().past.nobody : (names.get(party) ?? party)),
    tagOf: (party) => (party === NOBODY ? t().past.nobodyTag : party),
  };
}

/** "Kazakhstan · Aigerim · 26 Nov 2026, 02:15" */
export function signature(parties: Parties, { delegation, name }: Pick<By, "delegation" | "name">, at: string): string {
  return [...(delegation ? [parties.nameOf(delegation)] : []), name, moment(at)].join(" · ");
}
