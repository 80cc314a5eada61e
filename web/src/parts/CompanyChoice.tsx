// The company of what is being made: the first, until another is chosen.
import { useEffect } from "react";
import { useCompanies } from "../app/me";
import { Choice } from "./fields";

type Props = { value: string | undefined; onChange: (id: string | undefined) => void; w?: number };

export function CompanyChoice({ value, onChange, w }: Props) {
  const companies = useCompanies().data ?? [];
  const first = companies[0]?.id;
  useEffect(() => {
    if (value === undefined && first !== undefined) onChange(first);
  }, [value, first, onChange]);
  return <Choice label="Empresa" required options={companies.map((company) => ({ value: company.id, label: company.trade_name }))} value={value} onChange={onChange} w={w} />;
}
