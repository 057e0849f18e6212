/** Who may be named as a party: the meeting's delegations, and the groups that states speak in. */
import { fold, Pattern, searching, trim, words } from "./pattern";

const SEPARATOR = searching(String.raw`\s*[,\/]\s*(?:and\s+|и\s+)?`);
const AND = searching(String.raw`\s+(?:and|и)\s+`);
const THE = new Pattern("the ");
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  EU: ["European Union"],
  G77: ["G-77", "G77 and China", "G-77 and China", "Group of 77", "Group of 77 and China"],
  LDCs: ["LDC", "Least Developed Countries"],
  SIDS: ["Small Island Developing States"],
  LLDCs: ["LLDC", "Landlocked Developing Countries"],
  AOSIS: ["Alliance of Small Island States"],
  AGN: ["African Group", "African Group of Negotiators"],
  "Arab Group": [],
  ASEAN: [],
  CIS: ["Commonwealth of Independent States"],
  EAEU: ["Eurasian Economic Union"],
  GCC: ["Gulf Cooperation Council"],
  GRULAC: [],
  LMDCs: ["LMDC", "Like-Minded Developing Countries"],
  NAM: ["Non-Aligned Movement"],
  OIC: ["Organisation of Islamic Cooperation", "Organization of Islamic Cooperation"],
  OTS: ["Organization of Turkic States"],
  SCO: ["Shanghai Cooperation Organization", "Shanghai Cooperation Organisation"],
  "Umbrella Group": [],
};

/** Codes count as they are written (`ARE` is a state, `are` a word), names in any case. */
export class Register {
  private readonly codes = new Map<string, string>();
  private readonly names = new Map<string, string>();

  /** From code and name of each delegation; `Iran (Islamic Republic of)` is `Iran`, too. */
  constructor(delegations: Iterable<readonly [code: string, name: string]> = []) {
    for (const [group, others] of Object.entries(GROUPS)) {
      this.codes.set(group, group);
      for (const name of [group, ...others]) if (/[ -]/.test(name)) this.names.set(fold(name), group);
      for (const name of others) if (!name.includes(" ")) this.codes.set(name, group);
    }
    for (const [code, name] of delegations) {
      this.codes.set(code, code);
      for (const each of [name, name.split(" (", 1)[0] ?? ""]) if (each !== "") this.names.set(fold(each), code);
    }
  }

  /** The code of one party. */
  find(name: string): string | undefined {
    const spaced = words(name).join(" ");
    const plain = THE.matches(spaced) ? spaced.slice(4) : spaced;
    return this.codes.get(plain) ?? this.names.get(fold(plain));
  }

  /** The codes of a list such as `KAZ, the Russian Federation and IND`; empty: it is no list of parties. */
  parties(text: string): readonly string[] {
    const found: string[] = [];
    for (const part of trim(text).split(SEPARATOR)) {
      const codes = this.joined(part.split(AND));
      if (codes.length === 0) return [];
      found.push(...codes);
    }
    return [...new Set(found)];
  }

  /** `A and B`, where a name may hold an `and` itself: the longest name first. */
  private joined(names: readonly string[]): readonly string[] {
    const codes: string[] = [];
    for (let left = names; left.length > 0; ) {
      let length = left.length;
      let code: string | undefined;
      for (; length > 0; length--) {
        code = this.find(left.slice(0, length).join(" and "));
        if (code !== undefined) break;
      }
      if (code === undefined) return [];
      codes.push(code);
      left = left.slice(length);
    }
    return codes;
  }
}
