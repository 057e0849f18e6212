import { expect, test } from "vitest";
import { readDelegations, writeDelegations } from "../../src/pages/delegationList";

test("a delegation on a line: code, name and, where it is no member, its kind (P1)", () => {
  expect(readDelegations("KAZ Kazakhstan\n\n jpn  Japan, observer\nIRN Iran, Islamic Republic of")).toEqual({
    delegations: [
      { code: "KAZ", name: "Kazakhstan", kind: "member" },
      { code: "JPN", name: "Japan", kind: "observer" },
      { code: "IRN", name: "Iran, Islamic Republic of", kind: "member" },
    ],
  });
});

test("the first line that is none is named by its number", () => {
  expect(readDelegations("KAZ Kazakhstan\n\nJapan")).toEqual({ badLine: 3 });
});

test("what was written is read back the same", () => {
  const text = "KAZ Kazakhstan\nJPN Japan, observer\nUNEP UN Environment Programme, organisation";
  const read = readDelegations(text);
  expect("delegations" in read && writeDelegations(read.delegations)).toBe(text);
});
