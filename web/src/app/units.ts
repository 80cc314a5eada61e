// What usage is counted in, by code; read once.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";

export const useUnits = () =>
  useQuery({
    queryKey: ["usage-units"],
    queryFn: async () => (await answer(api.GET("/usage-units"))).items,
    staleTime: Infinity,
  });

/** "páginas coloridas" for page_colour; nothing until the names are known. */
export function useUnitName(): (code: string | undefined) => string {
  const units = useUnits().data;
  const names = new Map(units?.map((unit) => [unit.code, unit.plural]));
  return (code) => (code === undefined || units === undefined ? "" : (names.get(code) ?? code));
}
