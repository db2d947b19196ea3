import type { BenchRun } from '../bench/kit/results.ts';

const WIDTH = 860;
const LABEL = 300;
const BAR = 11;
const ROW = 34;
const TOP = 64;
const GAP = 56;
const FULL = WIDTH - LABEL - 80;
const FLAT = 1.3;
/** As far as bars of growth reach at the least; where something grows by more, all are drawn shorter. */
const LEAST_SCALE = 2;

// Colours of their own for light and for dark pages; everything else is the text's.
const STYLE = `<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
.value { font-size: 11px }
.axis { stroke: #8c959f; stroke-width: 1 }
.target { stroke: #cf222e; stroke-width: 2 }
.sqlite { fill: #0969da }
.postgres { fill: #8250df }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.sqlite { fill: #58a6ff }
.postgres { fill: #bc8cff }
.target { stroke: #ff7b72 }
}
</style>`;

interface Bar {
  label: string;
  database: string;
  /** Of the whole width, at most 1. */
  share: number;
  value: string;
  /** Where a line marks what is aimed at. */
  mark?: number;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function bar({ database, share, value }: Bar, y: number): string {
  const width = Math.max(1, Math.min(1, share) * FULL).toFixed(1);
  const at = LABEL + Number(width) + 6;
  return `<rect class="${database}" x="${LABEL}" y="${y}" width="${width}" height="${BAR}" rx="2"/><text class="value" x="${at}" y="${y + BAR - 1}">${value}</text>`;
}

/** One row of the plot: a label, and a bar for each database. */
function group(bars: readonly Bar[], y: number): string {
  const [first] = bars;
  if (!first) return '';
  const drawn = bars.map((one, index) => bar(one, y + index * (BAR + 2)));
  const x = LABEL + (first.mark ?? 0) * FULL;
  const mark =
    first.mark === undefined ? '' : `<line class="target" x1="${x}" x2="${x}" y1="${y - 3}" y2="${y + 2 * BAR + 5}"/>`;
  return `<text x="${LABEL - 10}" y="${y + BAR + 5}" text-anchor="end">${escaped(first.label)}</text>${drawn.join('')}${mark}`;
}

function chart(title: string, bars: readonly Bar[], top: number): { markup: string; height: number } {
  const labels = [...new Set(bars.map(({ label }) => label))];
  const rows = labels.map((label, row) =>
    group(
      bars.filter((one) => one.label === label),
      top + 20 + row * ROW,
    ),
  );
  const height = labels.length * ROW + 20;
  const axis = `<line class="axis" x1="${LABEL}" x2="${LABEL}" y1="${top + 12}" y2="${top + height}"/>`;
  return { markup: `<text class="title" x="10" y="${top}">${title}</text>${rows.join('\n')}${axis}`, height };
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Draws what share of its limit each operation reaches, and how its time grows with the installation. */
export function drawPerformance({ operations, growth }: BenchRun): string {
  const reached = operations.map(({ name, database, ofLimit, target }) => {
    return { label: name, database, share: ofLimit, value: percent(ofLimit), ...(target && { mark: target }) };
  });
  const scale = Math.max(LEAST_SCALE, ...growth.map(({ ratio }) => ratio));
  const grown = growth.map(({ name, database, ratio }) => {
    return { label: name, database, share: ratio / scale, value: ratio.toFixed(2), mark: FLAT / scale };
  });
  const upper = chart('Share of the physical limit that is reached (line: target)', reached, TOP);
  const lower = chart(
    'Time on the largest installation, the smallest being 1 (line: 1.3)',
    grown,
    TOP + upper.height + GAP,
  );
  const height = TOP + upper.height + (grown.length > 0 ? GAP + lower.height : 0) + 20;
  const legend = `<rect class="sqlite" x="10" y="18" width="12" height="12" rx="2"/><text x="28" y="29">SQLite</text><rect class="postgres" x="90" y="18" width="12" height="12" rx="2"/><text x="108" y="29">Postgres</text>`;
  const parts = [STYLE, legend, upper.markup, ...(grown.length > 0 ? [lower.markup] : [])];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="What Gatehouse reaches of the limits of the machine">
${parts.join('\n')}
</svg>
`;
}
