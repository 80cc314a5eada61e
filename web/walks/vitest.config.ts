import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["walks/*.walk.ts"], testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false, sequence: { concurrent: false }, globalSetup: ["walks/browser.ts"] },
});
