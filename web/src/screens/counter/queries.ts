// What several screens of the counter read: the person's open boxes, the configured lists.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { ReasonKind } from "../../api/schema";

export const useOwnSessions = () =>
  useQuery({ queryKey: ["cash-sessions", "mine"], queryFn: async () => (await answer(api.GET("/cash-sessions/mine"))).items });

export const useListedReasons = () =>
  useQuery({ queryKey: ["listed-reasons"], queryFn: async () => (await answer(api.GET("/listed-reasons"))).items });

/** Names that may be chosen of a list; `kept` is one that was chosen before, which stays. */
export function useOffered(kind: ReasonKind, kept?: string | null): { value: string; label: string }[] {
  const names = (useListedReasons().data ?? []).filter((one) => one.kind === kind && !one.ended_on).map((one) => one.name);
  return [...new Set(kept ? [...names, kept] : names)].map((name) => ({ value: name, label: name }));
}
