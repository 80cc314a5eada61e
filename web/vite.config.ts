import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: { "/api": "http://127.0.0.1:4570", "/config.json": "http://127.0.0.1:4570" } },
  test: { include: ["src/**/*.test.ts", "walks/*.test.ts"] },
});
