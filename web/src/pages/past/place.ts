/** What of the past is looked at, as the address says it: "#compare/1/head", "#text/head". */

export type Place = { face: "compare"; from: string; to: string } | { face: "text"; at: string };

const POINT = /^(\d{1,15}|[0-9a-f]{16}|head)$/;
export const FIRST = "1"; // seq of the entry that brought the text in
export const NOW = "head";

export function placeOf(hash: string): Place {
  const [face, one = "", other = ""] = hash.replace(/^#/, "").split("/");
  const point = (given: string, usual: string) => (POINT.test(given) ? given : usual);
  if (face === "compare") return { face, from: point(one, FIRST), to: point(other, NOW) };
  return { face: "text", at: point(one, NOW) };
}

export function hashOf(place: Place): string {
  return place.face === "compare" ? `#compare/${place.from}/${place.to}` : `#text/${place.at}`;
}
