// Who is here and what their profile permits; companies and payment profiles by id. Read once, kept by the query cache.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { labels } from "../api/labels";
import type { Permission } from "../api/schema";

const SLOW = 10 * 60_000;

export const useMe = () =>
  useQuery({ queryKey: ["me"], queryFn: () => answer(api.GET("/me")), staleTime: SLOW });

/** Whether the profile permits all of these; false until it is known. */
export function useMay(...permissions: Permission[]): boolean {
  const me = useMe().data;
  return me !== undefined && permissions.every((permission) => me.permissions.includes(permission));
}

/** The business date in São Paulo, as the API has it; "" until it is known. */
export const useToday = () => useMe().data?.today ?? "";

export const permissionWords = (permission: Permission) => labels.Permission[permission];

type Named = { name?: string; trade_name?: string };
const nameOf = (thing: Named) => thing.trade_name ?? thing.name ?? "";

/** As people look for them in a list. */
export const inOrder = <T extends Named>(things: T[]): T[] => [...things].sort((a, b) => nameOf(a).localeCompare(nameOf(b), "pt-BR", { numeric: true }));

export const useCompanies = () =>
  useQuery({
    queryKey: ["companies"],
    queryFn: async () => inOrder((await answer(api.GET("/companies"))).items),
    staleTime: SLOW,
  });

export const usePaymentProfiles = () =>
  useQuery({
    queryKey: ["payment-profiles"],
    queryFn: async () => inOrder((await answer(api.GET("/payment-profiles"))).items),
    staleTime: SLOW,
  });

export const useCashAccounts = () =>
  useQuery({
    queryKey: ["cash-accounts"],
    queryFn: async () => inOrder((await answer(api.GET("/cash-accounts"))).items),
    staleTime: SLOW,
  });

/** Names by id; nobody is shown an id: it is blank until the names are known, and a dash where there is none. */
export function named(items: (Named & { id: string })[] | undefined): (id?: string) => string {
  const names = new Map(items?.map((item) => [item.id, nameOf(item)]));
  return (id) => (id === undefined || items === undefined ? "" : (names.get(id) ?? "—"));
}
