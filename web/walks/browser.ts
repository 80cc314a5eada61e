// One browser for all walks, for a start takes longer than many a walk; each has contexts of its own.
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    browser: string;
  }
}

export default async function (project: TestProject): Promise<() => Promise<void>> {
  const server = await chromium.launchServer({ executablePath: process.env.CHROME!, args: ["--no-sandbox"] });
  project.provide("browser", server.wsEndpoint());
  return () => server.close();
}
