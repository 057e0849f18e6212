import { expect, test } from "vitest";
import { parse, paths } from "../../src/route";

test.each([
  ["/", { page: "home" }],
  [paths.join("a-token"), { page: "join", token: "a-token" }],
  [paths.meeting("m1"), { page: "meeting", meeting: "m1" }],
  [paths.document("d1"), { page: "document", document: "d1" }],
  [paths.projector("d1"), { page: "projector", document: "d1" }],
  [paths.past("d1"), { page: "past", document: "d1" }],
  ["/documents/d1/", { page: "document", document: "d1" }],
  ["/documents", { page: "nowhere" }],
  ["/documents/d1/other", { page: "nowhere" }],
  ["/documents/d1/projector/more", { page: "nowhere" }],
  ["/join/%E0%A4%A", { page: "join", token: "%E0%A4%A" }],
])("%s", (path, route) => expect(parse(path)).toEqual(route));
