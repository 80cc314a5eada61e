import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["walks/*.sweep.ts"], testTimeout: 60_000 } });
