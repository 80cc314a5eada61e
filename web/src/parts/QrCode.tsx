// A QR code as the API answers it, row by row; four modules of white around it (ISO/IEC 18004), whatever the page's colour.
const QUIET = 4;

export function QrCode({ rows, label, width = 200 }: { rows: string[]; label: string; width?: number }) {
  const side = rows.length + 2 * QUIET;
  const dark = rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`));
  return (
    <svg role="img" aria-label={label} width={width} height={width} viewBox={`0 0 ${side} ${side}`} shapeRendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={dark.join("")} fill="#000" />
    </svg>
  );
}
