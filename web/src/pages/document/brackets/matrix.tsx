import { useSignal } from "@preact/signals";
import { memo } from "preact/compat";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Delegation } from "../../../api";
import { closeDialog, Dialog } from "../../../parts/dialog";
import { t } from "../../../text/language";
import type { Live } from "../live";
import { paragraphName } from "../lockNames";
import type { Brackets } from "./brackets";
import { awaits, counts, grouped, type Issue, stanceOf } from "./issues";
import { excerpt, positionSentence, stanceName } from "./names";
import { Legend, StanceSign } from "./stance";

const PAGE = 10; // rows by Page Up and Page Down
const ROW = 2.125; // rem: the height of a row in brackets.css
const AROUND = 8; // rows that are drawn beyond those in sight
const AT_FIRST = 30; // rows before the window is known

type Props = { live: Live; brackets: Brackets; onClose: () => void };

/** Delegations by open issues: who says what, and who has not spoken. */
export function Matrix({ live, brackets, onClose }: Props) {
  const text = t().brackets;
  const members = useSignal(true);
  const codes = live.delegations.filter(({ kind }) => !members.value || kind === "member");
  const issues = brackets.issues.value.filter(counts);
  return (
    <Dialog title={text.matrixTitle} size="full" onClose={onClose}>
      <div class="matrix-head">
        <p class="muted">{text.matrixHint}</p>
        <label class="check">
          <input
            type="checkbox"
            checked={members.value}
            onChange={(event) => {
              members.value = event.currentTarget.checked;
            }}
          />
          {text.membersOnly}
        </label>
        <Legend />
      </div>
      {issues.length === 0 ? (
        <p class="muted">{text.none}</p>
      ) : (
        <Grid
          live={live}
          brackets={brackets}
          codes={codes}
          issues={issues}
          onGo={(id) => {
            closeDialog();
            onClose();
            brackets.go(id);
          }}
        />
      )}
    </Dialog>
  );
}

type GridProps = Omit<Props, "onClose"> & {
  codes: readonly Delegation[];
  issues: readonly Issue[];
  onGo: (id: string) => void;
};

function Grid({ live, brackets, codes, issues, onGo }: GridProps) {
  const text = t().brackets;
  const [[row, column], move] = useState<readonly [number, number]>([0, 0]);
  const { scroller, first, last, height, reveal } = useWindow(issues.length);
  const moved = useRef(false);
  const groups = useMemo(() => grouped(issues), [issues]);
  useEffect(() => {
    if (!moved.current) return;
    const cell = scroller.current?.querySelector<HTMLElement>('[tabindex="0"]');
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [row, column]);
  const pressed = (event: KeyboardEvent) => {
    const next = destination(event, row, column, issues.length, codes.length);
    if (event.key === "Enter") {
      event.preventDefault(); // else it would press what the focus goes back to
      onGo(issues[row]?.id ?? "");
    }
    if (next === null) return;
    event.preventDefault();
    moved.current = true;
    reveal(next[0]);
    move(next);
  };
  return (
    <div class="matrix-scroll" ref={scroller}>
      <table
        class="matrix"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: one walks through it by the arrow keys
        role="grid"
        style={{ marginBlock: `${first * height}px ${(issues.length - last) * height}px` }}
        aria-label={text.matrixTitle}
        aria-rowcount={issues.length + 1}
        onKeyDown={pressed}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" class="matrix-issue">
              {text.issue}
            </th>
            <th scope="col" class="matrix-count">
              {text.unspoken}
            </th>
            {codes.map(({ code, name }) => (
              <th key={code} scope="col" title={name} class={code === brackets.mine ? "matrix-own" : ""}>
                <abbr title={name}>{code}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {issues.slice(first, last).map((issue, offset) => (
            <Row
              key={issue.id}
              live={live}
              issue={issue}
              index={first + offset}
              name={paragraphName(live, issue.paragraph)}
              of={groups.get(issue.key) ?? [issue]}
              codes={codes}
              mine={brackets.mine}
              at={first + offset === row ? column : -1}
              onGo={onGo}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of many rows of one height, those that are in sight and a few around them: [first, last). */
function useWindow(rows: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const height = ROW * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const [[first, last], set] = useState<readonly [number, number]>([0, Math.min(rows, AT_FIRST)]);
  const look = () => {
    const element = scroller.current;
    if (element === null) return;
    // In steps, so that not every pixel draws anew.
    const from = Math.floor(element.scrollTop / height / AROUND) * AROUND - AROUND;
    const count = Math.ceil(element.clientHeight / height) + 3 * AROUND;
    const window = [Math.max(0, from), Math.min(rows, Math.max(0, from) + count)] as const;
    set((before) => (before[0] === window[0] && before[1] === window[1] ? before : window));
  };
  useLayoutEffect(() => {
    look();
    const element = scroller.current;
    element?.addEventListener("scroll", look, { passive: true });
    const watch = new ResizeObserver(look);
    if (element) watch.observe(element);
    return () => {
      element?.removeEventListener("scroll", look);
      watch.disconnect();
    };
  }, [rows, height]);
  /** Scrolls a row into sight before it is drawn. */
  const reveal = (row: number) => {
    const element = scroller.current;
    if (element === null) return;
    const head = element.querySelector("thead")?.clientHeight ?? height;
    const [top, bottom] = [row * height, (row + 1) * height];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom + head > element.scrollTop + element.clientHeight)
      element.scrollTop = bottom + head - element.clientHeight;
    look();
  };
  return { scroller, first, last, height, reveal };
}

type RowProps = {
  live: Live;
  issue: Issue;
  index: number;
  name: string;
  /** All members of its run. */
  of: readonly Issue[];
  codes: readonly Delegation[];
  mine: string | null;
  /** The column of the field that Tab comes to, −1 in other rows; 0 is the issue itself. */
  at: number;
  onGo: (id: string) => void;
};

const Row = memo(({ live, issue, index, name, of, codes, mine, at, onGo }: RowProps) => {
  const silent = codes.filter(({ code }) => awaits(of, code));
  return (
    <tr aria-rowindex={index + 2} class={issue.members > 1 && issue.key !== issue.id ? "matrix-member" : ""}>
      <th scope="row" class="matrix-issue" tabIndex={at === 0 ? 0 : -1} onDblClick={() => onGo(issue.id)}>
        <button type="button" class="matrix-go" tabIndex={-1} onClick={() => onGo(issue.id)}>
          <span class="matrix-name">{name}</span>
          <bdi>{excerpt(issue.text, 44)}</bdi>
        </button>
      </th>
      <td class="matrix-count" title={silent.map(({ name: each }) => each).join(", ")}>
        {silent.length}
      </td>
      {codes.map(({ code, name: delegation }, place) => {
        const stance = stanceOf(issue, code);
        const position = issue.positions[code];
        const said = position ? positionSentence(live, code, position) : (stanceName(issue, code) ?? "");
        return (
          <td
            key={code}
            tabIndex={at === place + 1 ? 0 : -1}
            class={code === mine ? "matrix-own" : ""}
            title={said}
            aria-label={said === "" ? `${delegation}: ${t().brackets.hasNotSpoken}` : `${delegation}: ${said}`}
          >
            {stance && <StanceSign stance={stance} />}
          </td>
        );
      })}
    </tr>
  );
});

/** Where a key leads in a grid; null: nowhere. */
function destination(
  { key, ctrlKey }: KeyboardEvent,
  row: number,
  column: number,
  rows: number,
  columns: number,
): readonly [number, number] | null {
  const to = (down: number, across: number) =>
    [Math.min(Math.max(0, down), rows - 1), Math.min(Math.max(0, across), columns)] as const;
  switch (key) {
    case "ArrowUp":
      return to(row - 1, column);
    case "ArrowDown":
      return to(row + 1, column);
    case "ArrowLeft":
      return to(row, column - 1);
    case "ArrowRight":
      return to(row, column + 1);
    case "PageUp":
      return to(row - PAGE, column);
    case "PageDown":
      return to(row + PAGE, column);
    case "Home":
      return to(ctrlKey ? 0 : row, 0);
    case "End":
      return to(ctrlKey ? rows : row, columns);
    default:
      return null;
  }
}
