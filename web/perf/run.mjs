/** `npm run perf`: builds perf.ts, opens it in Chromium ($CHROMIUM or the one on the path), prints the figures. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const work = await mkdtemp(join(tmpdir(), "rollingtext-perf-"));
/** Paragraphs, and scattered edits that the document has behind it. */
const sizes = [
  [50, 0],
  [800, 0],
  [800, 20_000],
];

const config = {
  configFile: false,
  root: here,
  logLevel: "error",
  build: { outDir: join(work, "page"), assetsInlineLimit: 0 },
};
await build(config);
const server = await preview({ ...config, preview: { port: 0, host: "127.0.0.1" } });
const url = server.resolvedUrls.local[0];

const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const chromium = spawn(
  process.env.CHROMIUM ?? "chromium",
  [
    ...flags,
    "--remote-debugging-pipe",
    `--user-data-dir=${join(work, "profile")}`,
    "--window-size=1440,900",
    "about:blank",
  ],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
);

/** The protocol of Chromium's developer tools over a pipe: JSON messages, each ended by a zero byte. */
const waiting = new Map();
let count = 0;
let rest = "";
chromium.stdio[4].on("data", (chunk) => {
  const messages = (rest + chunk).split("\0");
  rest = messages.pop();
  for (const message of messages.map((each) => JSON.parse(each))) waiting.get(message.id)?.(message);
});
async function call(method, params = {}, sessionId = undefined) {
  const id = ++count;
  const answer = new Promise((resolve) => waiting.set(id, resolve));
  chromium.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  const { result, error } = await answer;
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

try {
  const { targetId } = await call("Target.createTarget", { url });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await call(
      "Runtime.evaluate",
      { expression, awaitPromise: true, returnByValue: true },
      sessionId,
    );
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  while (!(await evaluate("typeof window.measure === 'function'")))
    await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(JSON.stringify({ brackets: await evaluate("measureBrackets()") }));
  for (const size of process.argv.includes("brackets") ? [] : sizes)
    console.log(JSON.stringify(await evaluate(`measure(${size})`)));
} finally {
  chromium.kill();
  await new Promise((resolve) => chromium.once("exit", resolve));
  await server.close();
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}
