/** Papers out: a document as a file (contract, section 4). */
import { at, fetched } from "../../../api";

export const formats = ["docx", "pdf", "html", "md", "txt", "json", "akn"] as const;
export type Format = (typeof formats)[number];

/** Points of the record: "head", or the seq of an entry, or the id of a snapshot. */
export type Asked = {
  format: Format;
  at: string;
  /** "": nothing is compared. */
  against: string;
  comments: boolean;
  clean: boolean;
  shading: boolean;
  lines: boolean;
};

export type File = { name: string; content: Blob };

/** `unseen`: characters that no font at hand can show, as "U+1342F". */
export type Paper = File & { unseen: readonly string[] };

/** Formats with pages, whose lines can be numbered. */
export const paged = (format: Format): boolean => format === "docx" || format === "pdf";
export const shaded = (format: Format): boolean => paged(format) || format === "html";

export async function exported(document: string, asked: Asked): Promise<Paper> {
  const query = new URLSearchParams({ at: asked.at });
  if (asked.against) query.set("against", asked.against);
  if (asked.comments) query.set("comments", "true");
  if (asked.clean) query.set("style", "clean");
  if (!asked.shading) query.set("shading", "false");
  if (!asked.lines) query.set("lines", "false");
  const answer = await fetched(`/api/documents/${at(document)}/export/${asked.format}?${query}`);
  const unseen = answer.headers.get("Rollingtext-Unseen")?.split(" ") ?? [];
  return { ...(await fileIn(answer, `${document}.${asked.format}`)), unseen };
}

/** A file that the server makes; `otherwise`: its name, should the server give it none. */
export const fileAt = async (path: string, otherwise: string): Promise<File> => fileIn(await fetched(path), otherwise);

async function fileIn(answer: Response, otherwise: string): Promise<File> {
  const name = nameIn(answer.headers.get("Content-Disposition") ?? "") || otherwise;
  return { name, content: await answer.blob() };
}

function nameIn(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
  return encoded ? decodeURIComponent(encoded) : "";
}

/** Hands the file to the browser, which saves it where its reader wants it. */
export function save({ name, content }: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
