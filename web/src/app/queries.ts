import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "../api/client";
import { SignedOut } from "./auth";

/** What is refused is not asked again; what failed on the way is, twice. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) =>
        !(error instanceof SignedOut) &&
        !(error instanceof ProblemError && error.problem.status >= 400 && error.problem.status < 500) &&
        count < 2,
    },
    mutations: { retry: false },
  },
});
