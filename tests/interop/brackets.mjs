/**
 * The page's reading of brackets, for Python: a JSON line with {delegations, agreed, paragraphs} in, one with the
 * reading out. Places are code points in it, as in the contract (B4).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

const web = fileURLToPath(new URL("../../web/", import.meta.url));
const vite = await import(pathToFileURL(join(web, "node_modules/vite/dist/node/index.js")));
const work = await mkdtemp(join(tmpdir(), "rollingtext-brackets-"));
const lib = { entry: join(web, "src/brackets/index.ts"), formats: ["es"], fileName: "brackets" };
await vite.build({ configFile: false, root: web, logLevel: "error", publicDir: false, build: { outDir: work, lib } });
const { count, pointsOf, Register, read } = await import(pathToFileURL(join(work, "brackets.js")));
await rm(work, { recursive: true });

function answer({ delegations, agreed, paragraphs }) {
  const locked = new Set(agreed);
  const reading = read(paragraphs, new Register(delegations), locked);
  const at = (paragraph, units) => pointsOf(paragraphs[paragraph].text, units);
  return {
    brackets: reading.brackets.map(({ said, ...each }) => ({
      ...each,
      start: at(each.first, each.start),
      end: at(each.last, each.end),
    })),
    options: reading.options,
    statuses: Object.fromEntries(reading.statuses),
    lints: reading.lints.map(({ code, paragraph, start, end, mend }) => ({
      code,
      paragraph,
      start: at(paragraph, start),
      end: at(paragraph, end),
      mend: {
        paragraph: mend.paragraph,
        at: at(mend.paragraph, mend.at),
        delete: at(mend.paragraph, mend.at + mend.delete) - at(mend.paragraph, mend.at),
        insert: mend.insert,
      },
    })),
    counts: count(reading, paragraphs, locked),
  };
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
