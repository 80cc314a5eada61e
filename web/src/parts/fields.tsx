// Inputs that people type as they write: amounts, days, months, documents. Each gives the API's text, or undefined.
import { NumberInput, Select, Textarea, type TextareaProps, TextInput, type TextInputProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { addDays, day, month, parseDay, parseMonth } from "../format/date";
import { bareDocument, cpfCnpj } from "../format/document";
import { decimal, money, parseDecimal, parseMoney } from "../format/money";

type Typed = Omit<TextInputProps, "value" | "onChange"> & { value: string | undefined; onChange: (value: string | undefined) => void };

function typed(show: (value: string | undefined) => string, parse: (text: string) => string | undefined, wrong: string, hint?: string) {
  return function TypedInput({ value, onChange, ...rest }: Typed) {
    const [text, setText] = useState(() => show(value));
    const [left, setLeft] = useState(false);
    useEffect(() => {
      if (parse(text) !== value) setText(show(value)); // changed by another than who types here
    }, [value]);
    const bad = left && text.trim() !== "" && parse(text) === undefined;
    return (
      <TextInput
        placeholder={hint} {...rest} value={text} error={bad ? wrong : rest.error}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onChange(parse(event.currentTarget.value));
        }}
        onBlur={() => {
          setLeft(true);
          const parsed = parse(text);
          if (parsed !== undefined) setText(show(parsed));
        }}
      />
    );
  };
}

export const MoneyInput = typed(money, parseMoney, "Informe um valor em reais, como 1.234,50.", "0,00");
export const DecimalInput = typed(decimal, (text) => parseDecimal(text), "Informe um número, como 1.234,5.");
export const DayInput = typed(day, parseDay, "Informe uma data, como 30/11/2026.", "dd/mm/aaaa");
export const MonthInput = typed(month, parseMonth, "Informe um mês, como 11/2026.", "mm/aaaa");
export const DocumentInput = typed(cpfCnpj, (text) => {
  const bare = bareDocument(text);
  return bare.length === 11 || bare.length === 14 ? bare : undefined;
}, "Um CPF tem 11 dígitos e um CNPJ tem 14 posições.", "CPF ou CNPJ");

type Days = { start: string; end: string };
type PeriodProps = { label: string; value: Days | undefined; onChange: (period: Days | undefined) => void };

/** Its first and its last day; undefined until both are there. The API's end is the day after. */
export function PeriodInput({ label, value, onChange }: PeriodProps) {
  const [start, setStart] = useState(value?.start);
  const [last, setLast] = useState(value && addDays(value.end, -1));
  const change = (from: string | undefined, to: string | undefined) => {
    setStart(from);
    setLast(to);
    onChange(from !== undefined && to !== undefined ? { start: from, end: addDays(to, 1) } : undefined);
  };
  return (
    <>
      <DayInput label={`${label} inicial`} value={start} onChange={(day) => change(day, last)} />
      <DayInput label={`${label} final`} value={last} onChange={(day) => change(start, day)} />
    </>
  );
}

type ChoiceProps<V extends string> = {
  label: string;
  options: Record<V, string> | { value: V; label: string }[];
  value: V | "" | undefined;
  onChange: (value: V | undefined) => void;
  required?: boolean;
  placeholder?: string;
  w?: number;
  searchable?: boolean;
};

/** One of a closed list; with a blank choice where nothing is required. */
export function Choice<V extends string>({ options, value, onChange, required, ...rest }: ChoiceProps<V>) {
  const data = Array.isArray(options) ? options : (Object.entries(options) as [V, string][]).map(([key, label]) => ({ value: key, label }));
  return (
    <Select
      {...rest} data={data} value={value || null} required={required} withAsterisk={false} clearable={!required}
      clearButtonProps={{ "aria-label": `Limpar ${rest.label}` }} allowDeselect={!required} comboboxProps={{ shadow: "sm" }}
      onChange={(next) => onChange((next ?? undefined) as V | undefined)} nothingFoundMessage="Nada encontrado"
    />
  );
}

/** Text; undefined where blank. */
export const WordsInput = ({ value, onChange, ...rest }: Typed) => (
  <TextInput {...rest} value={value ?? ""} onChange={(event) => onChange(event.currentTarget.value || undefined)} />
);

type CountProps = { label: string; description?: string; value: number | undefined | null; onChange: (value: number | undefined) => void; min?: number; max?: number; w?: number; placeholder?: string };

/** A whole number; undefined where blank. */
export const CountInput = ({ value, onChange, min = 0, ...rest }: CountProps) => (
  <NumberInput size="xs" {...rest} min={min} allowDecimal={false} value={value ?? ""} onChange={(next) => onChange(next === "" ? undefined : Number(next))} />
);

type LinesProps = Omit<TextareaProps, "value" | "onChange"> & { value: readonly string[] | undefined; onChange: (lines: string[]) => void };

/** The text as typed; the list without what is blank. */
export function LinesInput({ value, onChange, ...rest }: LinesProps) {
  const [text, setText] = useState(() => (value ?? []).join("\n"));
  return (
    <Textarea
      {...rest} autosize minRows={1} value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(event.currentTarget.value.split("\n").map((line) => line.trim()).filter(Boolean));
      }}
    />
  );
}
