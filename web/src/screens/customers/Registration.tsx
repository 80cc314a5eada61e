// "Cadastro" of a customer, as it stands (CUS-01).
import { labels } from "../../api/labels";
import type { Customer } from "../../api/schema";
import { day } from "../../format/date";
import { cep, cpfCnpj, phone } from "../../format/document";
import { Facts } from "../../parts/show";

export const Registration = ({ person }: { person: Customer }) => (
  <div className="box">
    <Facts
      items={[
        ["Tipo", labels.PersonKind[person.kind]],
        ["CPF/CNPJ", cpfCnpj(person.document)],
        ["Nome fantasia", person.trade_name],
        ["Classificação", labels.Classification[person.classification]],
        ["Cadastro", day(person.registered_on)],
        ["E-mails", person.emails.join(", ")],
        ["Telefones", person.phones.map(phone).join(", ")],
        ["Canais", person.channels.map((channel) => labels.Channel[channel]).join(", ")],
        ...person.addresses.map((a): [string, string] => ["Endereço", `${a.street}, ${a.number}${a.complement ? `, ${a.complement}` : ""} · ${a.district} · ${a.city}/${a.uf} · ${cep(a.cep)}`]),
        ["Observações fiscais", person.fiscal_notes.join("; ")],
      ]}
    />
  </div>
);
