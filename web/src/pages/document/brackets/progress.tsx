import { Dialog } from "../../../parts/dialog";
import { useLoaded } from "../../../parts/loaded";
import { clockTime, day, moment, t } from "../../../text/language";
import type { Brackets } from "./brackets";
import { calls } from "./calls";
import { type Mark, marks, thinned } from "./series";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 240, 40, 24];
const UNITS = ["issues", "pairs", "placeholders", "words_bracketed", "clean_paragraphs", "lints"] as const;

/** The burn-down: how many issues were open at each time, as a line and as a table. */
export function ProgressDialog({ brackets, onClose }: { brackets: Brackets; onClose: () => void }) {
  const text = t().brackets;
  const loaded = useLoaded(brackets.documentId, () => calls.progress(brackets.documentId));
  const series = loaded.value;
  return (
    <Dialog title={text.progressTitle} size="large" onClose={onClose}>
      {series === undefined && !loaded.problem && <p class="muted">{t().common.loading}</p>}
      {loaded.problem && <p class="error">{t().errors.unexpected}</p>}
      {series && (series.length === 0 ? <p class="muted">{text.progressNone}</p> : <Burndown series={marks(series)} />)}
    </Dialog>
  );
}

function Burndown({ series }: { series: readonly Mark[] }) {
  const text = t().brackets;
  const points = thinned(series, 120);
  return (
    <>
      <Chart points={points} />
      <details class="chart-table">
        <summary>{text.table}</summary>
        <section class="chart-scroll" aria-label={text.progressTitle}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.when}</th>
                {UNITS.map((unit) => (
                  <th key={unit} scope="col">
                    {text.units[unit]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={point.key}>
                  <th scope="row">{moment(point.at)}</th>
                  {UNITS.map((unit) => (
                    <td key={unit}>{point.counts[unit]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </>
  );
}

function Chart({ points }: { points: readonly Mark[] }) {
  const first = points[0] as Mark;
  const last = points.at(-1) as Mark;
  // What was so last is so still.
  const now = new Date(Math.max(Date.parse(last.at), Date.now())).toISOString();
  const [begins, ends] = [Date.parse(first.at), Date.parse(now)];
  const top = Math.max(1, ...points.map(({ counts }) => counts.issues));
  const x = (at: string) => LEFT + ((Date.parse(at) - begins) / Math.max(1, ends - begins)) * (WIDTH - LEFT - 12);
  const y = (issues: number) => HEIGHT - BOTTOM - (issues / top) * (HEIGHT - BOTTOM - 12);
  // A count holds until the next one: steps, not slopes.
  const line = points.map(
    ({ at, counts: { issues } }, index) =>
      `${index === 0 ? "M" : "H"}${x(at)}${index === 0 ? `,${y(issues)}` : `V${y(issues)}`}`,
  );
  line.push(`H${x(now)}`);
  const sameDay = day(first.at) === day(now);
  const label = (at: string) => (sameDay ? clockTime(new Date(at)) : day(at));
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t().brackets.chart(first.counts.issues, last.counts.issues)}
    >
      {ticks(top).map((value) => (
        <g key={value}>
          <line class="chart-rule" x1={LEFT} x2={WIDTH - 12} y1={y(value)} y2={y(value)} />
          <text class="chart-label" x={LEFT - 8} y={y(value) + 4} text-anchor="end">
            {value}
          </text>
        </g>
      ))}
      <path class="chart-area" d={`${line.join("")}V${y(0)}H${LEFT}Z`} />
      <path class="chart-line" d={line.join("")} />
      <text class="chart-label" x={LEFT} y={HEIGHT - 6}>
        {label(first.at)}
      </text>
      <text class="chart-label" x={WIDTH - 12} y={HEIGHT - 6} text-anchor="end">
        {label(now)}
      </text>
    </svg>
  );
}

const ticks = (top: number): number[] => [...new Set([0, Math.round(top / 2), top])];
