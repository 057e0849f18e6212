import { defineConfig } from "vitest/config";

// In development the pages come from Vite and everything else from the server of `make run`.
const server = process.env.ROLLINGTEXT_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  build: {
    outDir: "../server/static",
    emptyOutDir: true,
    target: "es2023",
    // The server's Content-Security-Policy is `default-src 'self'`: nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/api": server,
      "/ws": { target: server, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    testTimeout: 60_000, // the machine may be busy with other suites
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
  },
});
