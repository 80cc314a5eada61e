// Lines or bars over months, drawn by hand, with the same numbers in a table below: for print and for screen readers.
import { decimal } from "../format/money";

export type Series = { name: string; unit: string; values: string[] };
type Props = { title: string; kind: "line" | "bar"; labels: string[]; series: Series[] };

const COLOURS = ["#0b6e63", "#b4541a", "#3b5bdb", "#9c36b5", "#5c7c00", "#c2255c", "#1971c2", "#7a5c00", "#495057", "#e8590c"];
const WIDTH = 960;
const HEIGHT = 240;
const LEFT = 64;
const BOTTOM = 24;

export function Chart({ title, kind, labels, series }: Props) {
  const largest = Math.max(1, ...series.flatMap((one) => one.values.map(Number)));
  const step = (WIDTH - LEFT) / Math.max(labels.length, 1);
  const y = (value: string) => 8 + (HEIGHT - BOTTOM - 8) * (1 - Number(value) / largest);
  const centre = (month: number) => LEFT + step * (month + 0.5);
  const bar = Math.min((step * 0.8) / Math.max(series.length, 1), 48);
  return (
    <figure style={{ margin: 0 }}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title} style={{ width: "100%", maxHeight: 260 }}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={LEFT} x2={WIDTH} y1={y(String(largest * share))} y2={y(String(largest * share))} stroke="#d9dfe5" />
            <text x={LEFT - 6} y={y(String(largest * share)) + 4} textAnchor="end" fontSize="11" fill="#566273">{decimal((largest * share).toFixed(2))}</text>
          </g>
        ))}
        {labels.map((label, month) => <text key={label} x={centre(month)} y={HEIGHT - 6} textAnchor="middle" fontSize="11" fill="#566273">{label}</text>)}
        {series.map((one, i) =>
          kind === "line" ? (
            <g key={one.name} stroke={COLOURS[i]} fill={COLOURS[i]}>
              <polyline fill="none" strokeWidth="2" points={one.values.map((value, month) => `${centre(month)},${y(value)}`).join(" ")} />
              {one.values.map((value, month) => <circle key={month} cx={centre(month)} cy={y(value)} r="3" />)}
            </g>
          ) : (
            one.values.map((value, month) => (
              <rect key={`${one.name} ${month}`} fill={COLOURS[i]} x={centre(month) + bar * (i - series.length / 2)} width={Math.max(bar - 1, 1)} y={y(value)} height={HEIGHT - BOTTOM - y(value)} />
            ))
          ),
        )}
      </svg>
      <figcaption className="bar">{series.map((one, i) => <span key={one.name}><span aria-hidden style={{ display: "inline-block", width: 10, height: 10, background: COLOURS[i], marginRight: 4 }} />{one.name}</span>)}</figcaption>
    </figure>
  );
}

/** The chart's numbers. */
export const ChartTable = ({ labels, series }: { labels: string[]; series: Series[] }) => (
  <table className="plain">
    <thead><tr><th>Item de faturamento</th><th>Unidade</th>{labels.map((label) => <th key={label} className="num">{label}</th>)}</tr></thead>
    <tbody>{series.map((one) => <tr key={one.name}><td>{one.name}</td><td>{one.unit}</td>{one.values.map((value, month) => <td key={month} className="num">{decimal(value)}</td>)}</tr>)}</tbody>
  </table>
);
