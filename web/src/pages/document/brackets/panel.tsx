import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { may } from "../../../me";
import { Icon } from "../../../parts/icon";
import { t } from "../../../text/language";
import type { Live } from "../live";
import { paragraphName } from "../lockNames";
import type { Brackets } from "./brackets";
import { Card } from "./card";
import { FILTERS, type Filter, filtered, type Issue, isMine, speakers } from "./issues";
import { Lints } from "./lints";
import { excerpt } from "./names";

/** Rows of the list, until more are asked for. */
const AT_ONCE = 300;

/** `onShown`: the list covers the text, and is to go where something is shown in it. */
type Props = { live: Live; brackets: Brackets; onShown?: (() => void) | undefined };

/** The list of brackets: by paragraph or by delegation, with what one can do with each. */
export function BracketPanel({ live, brackets, onShown }: Props) {
  const text = t().brackets;
  const order = useSignal<"paragraph" | "delegation">("paragraph");
  const most = useSignal(AT_ONCE);
  const found = filtered(brackets.issues.value, brackets.filter.value, brackets.mine);
  const issues = found.slice(0, most.value);
  const groups = order.value === "paragraph" ? byParagraph(live, issues) : byDelegation(live, issues);
  return (
    <div class="brackets">
      <Tools brackets={brackets} />
      <Lints live={live} brackets={brackets} onShown={onShown} />
      <div class="brackets-choose">
        <Select
          label={text.filterLabel}
          value={brackets.filter.value}
          options={FILTERS.map((one) => [one, filterName(one, brackets.mine)])}
          onChange={(value) => {
            brackets.filter.value = value as Filter;
          }}
        />
        <Select
          label={text.order}
          value={order.value}
          options={[
            ["paragraph", text.byParagraph],
            ["delegation", text.byDelegation],
          ]}
          onChange={(value) => {
            order.value = value as "paragraph" | "delegation";
          }}
        />
      </div>
      {issues.length === 0 && (
        <p class="muted brackets-none">{brackets.issues.value.length === 0 ? text.none : text.noneHere}</p>
      )}
      {groups.map(({ key, title, of }) => (
        <section key={key} class="brackets-group">
          <h3>{title}</h3>
          <ol>
            {of.map((issue) => (
              <Entry key={issue.id} live={live} brackets={brackets} issue={issue} onShown={onShown} />
            ))}
          </ol>
        </section>
      ))}
      {found.length > most.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            most.value += AT_ONCE;
          }}
        >
          {t().common.more}
        </button>
      )}
    </div>
  );
}

const filterName = (filter: Filter, mine: string | null): string =>
  filter === "awaiting" && mine === null ? t().brackets.awaitingAnyone : t().brackets.filters[filter];

interface Group {
  readonly key: string;
  readonly title: ComponentChildren;
  readonly of: readonly Issue[];
}

function byParagraph(live: Live, issues: readonly Issue[]): Group[] {
  const groups = new Map<string, Issue[]>();
  for (const issue of issues) {
    const group = groups.get(issue.paragraph);
    if (group === undefined) groups.set(issue.paragraph, [issue]);
    else group.push(issue);
  }
  return Array.from(groups, ([key, of]) => ({ key, title: paragraphName(live, key), of }));
}

function byDelegation(live: Live, issues: readonly Issue[]): Group[] {
  const named = live.delegations.map(({ code, name }): Group => {
    const of = issues.filter((issue) => speakers(issue).has(code));
    return { key: code, title: `${code} · ${name}`, of };
  });
  const nobody = { key: "", title: t().brackets.ofNobody, of: issues.filter((issue) => speakers(issue).size === 0) };
  return [...named, nobody].filter(({ of }) => of.length > 0);
}

function Tools({ brackets }: { brackets: Brackets }) {
  const text = t().brackets;
  const { issues } = brackets.text.value.counts;
  return (
    <div class="brackets-tools">
      <strong class="brackets-count">{text.issues(issues)}</strong>
      <span class="grow" />
      <Tool icon="up" label={`${text.previous} (Shift+F8)`} onUse={() => brackets.step(-1)} />
      <Tool icon="chevron" label={`${text.next} (F8)`} onUse={() => brackets.step(1)} />
      <Tool
        icon="table"
        label={text.matrix}
        onUse={() => {
          brackets.opened.value = { what: "matrix" };
        }}
      />
      <Tool
        icon="chart"
        label={text.progress}
        onUse={() => {
          brackets.opened.value = { what: "progress" };
        }}
      />
      {may("preside") && (
        <Tool
          icon="screen"
          label={text.roomCall}
          onUse={() => {
            brackets.calling.value = !brackets.calling.value;
          }}
        />
      )}
    </div>
  );
}

type ToolProps = { icon: "up" | "chevron" | "table" | "chart" | "screen"; label: string; onUse: () => void };

const Tool = ({ icon, label, onUse }: ToolProps) => (
  <button type="button" class="button quiet square" aria-label={label} title={label} onClick={onUse}>
    <Icon name={icon} />
  </button>
);

type SelectProps = {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
};

const Select = ({ label, value, options, onChange }: SelectProps) => (
  <label class="brackets-select">
    <span class="off-screen">{label}</span>
    <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {options.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  </label>
);

function Entry({ live, brackets, issue, onShown }: Props & { issue: Issue }) {
  const text = t().brackets;
  const row = useRef<HTMLLIElement>(null);
  const current = brackets.current.value === issue.id;
  // What the chair calls has a panel of its own.
  const called = live.focusBracket.value === issue.id && (brackets.calling.value || live.follows.value);
  const expanded = current && !called;
  const members = live.delegations.filter(({ kind }) => kind === "member");
  const spoken = speakers(issue);
  const said = members.filter(({ code }) => spoken.has(code)).length;
  const member = issue.members > 1;
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <li
      ref={row}
      class={`issue ${isMine(issue, brackets.mine) ? "issue-own" : ""} ${member ? "issue-member" : ""}`}
      style={{ "--depth": String(Math.min(issue.depth, 5)) }}
    >
      <button
        type="button"
        class="issue-face"
        aria-expanded={expanded}
        aria-current={current ? "true" : undefined}
        onClick={() => {
          if (current) brackets.current.value = null;
          else if (onShown !== undefined || live.view.value === "brackets") brackets.current.value = issue.id;
          else brackets.go(issue.id);
        }}
      >
        <span class="issue-text" dir="auto">
          {excerpt(issue.text)}
        </span>
        <span class="issue-meta">
          {text.kinds[issue.kind]}
          {issue.depth > 1 && ` · ${text.depth(issue.depth)}`}
          {said > 0 && ` · ${text.spoke(said, members.length)}`}
        </span>
      </button>
      {expanded && <Card live={live} brackets={brackets} issue={issue} onShown={onShown} />}
    </li>
  );
}
