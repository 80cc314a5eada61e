import { defineConfig } from "vitest/config";

// Not isolated: what the walks import is loaded once, and they share one browser.
export default defineConfig({
  test: { include: ["walks/*.walk.ts"], testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false, isolate: false, sequence: { concurrent: false } },
});
