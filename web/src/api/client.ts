// The only module that knows HTTP. `answer(api.GET("/customers", {...}))` gives the data or throws a ProblemError.
import createClient, { type FetchOptions, type FetchResponse, type MaybeOptionalInit, type Middleware } from "openapi-fetch";
import { useState } from "react";
import { forget, SignedOut, token } from "../app/auth";
import type { paths, Problem } from "./schema";

export type { Problem, ProblemReason } from "./schema";

export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly requestId: string | null,
  ) {
    super(problem.title);
  }
}

const NOT_ANSWERED: Problem = {
  type: "urn:mensal:network",
  code: "network",
  title: "Não foi possível falar com o serviço. Verifique a conexão e tente de novo.",
  status: 0,
};

const bearer: Middleware = {
  async onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${await token()}`);
  },
};

/** The library's own type lets a field pass that the API does not know, and the API refuses it; here it does not compile. */
type Method<M extends "get" | "put" | "post" | "patch" | "delete"> = <P extends PathOf<M>>(
  path: P,
  ...init: undefined extends MaybeOptionalInit<paths[P], M> ? [init?: FetchOptions<Operation<P, M>>] : [init: FetchOptions<Operation<P, M>>]
) => Promise<FetchResponse<Operation<P, M>, object, `${string}/${string}`>>;
type PathOf<M extends string> = { [P in keyof paths]: paths[P] extends { [K in M]: Record<string, any> } ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends string> = M extends keyof paths[P] ? Extract<paths[P][M], Record<string, any>> : never;

const client = createClient<paths>({ baseUrl: "/api" });
client.use(bearer);
export const api = client as unknown as { GET: Method<"get">; PUT: Method<"put">; POST: Method<"post">; PATCH: Method<"patch">; DELETE: Method<"delete"> };

type Answered<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** Throws ProblemError for what the API refuses, SignedOut when the session has ended. */
export async function answer<T>(call: Answered<T>): Promise<T> {
  let got: Awaited<Answered<T>>;
  try {
    got = await call;
  } catch (error) {
    if (error instanceof SignedOut) throw error;
    throw new ProblemError(NOT_ANSWERED, null);
  }
  if (got.response.status === 401) {
    forget(isProblem(got.error) && got.error.code === "access.signed_out");
    throw new SignedOut();
  }
  if (!got.response.ok) {
    const problem = isProblem(got.error) ? got.error : { ...NOT_ANSWERED, status: got.response.status, title: "O serviço falhou. Tente de novo." };
    throw new ProblemError(problem, got.response.headers.get("apigw-requestid"));
  }
  return got.data as T;
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "code" in error && "title" in error;
}

/** The key of one form: the same while it is open, so that a repeated click or a retried request does nothing twice. */
export function useOnce(): { header: { "Idempotency-Key": string }; renew: () => void } {
  const [key, set] = useState(() => crypto.randomUUID());
  return { header: { "Idempotency-Key": key }, renew: () => set(crypto.randomUUID()) };
}

export const ifMatch = (version: number) => ({ "If-Match": `"${version}"` });

/** All items of a list that has pages; at most `limit` pages, for look-ups that are small. */
export async function everyPage<T>(
  page: (cursor?: string) => Promise<{ items: T[]; next_cursor?: string }>,
  limit = 10,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < limit; count++) {
    const got = await page(cursor);
    items.push(...got.items);
    cursor = got.next_cursor;
    if (cursor === undefined) break;
  }
  return items;
}
