// Hocuspocus as it comes: in memory, no storage, no sign-in. FLUSH_DELAY (ms) sets `flushDelay`; without it the default.
import { Server } from "@hocuspocus/server";

const { PORT, FLUSH_DELAY } = process.env;
const server = new Server({
  address: "127.0.0.1",
  port: Number(PORT),
  quiet: true,
  ...(FLUSH_DELAY ? { flushDelay: Number(FLUSH_DELAY) } : {}),
});
await server.listen();
