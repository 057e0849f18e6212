import { t } from "../../text/language";
import type { Compared, Redline, Span } from "./calls";
import { numbersOf, partyOf, sideOf, touched } from "./changes";
import { Marked, Standing } from "./marked";
import { hue, type Parties, signature } from "./parties";

export type Layout = "inline" | "sides";

type RedlineViewProps = {
  redline: Redline;
  layout: Layout;
  parties: Parties;
  /** The party whose changes are looked at; null: everybody's. */
  chosen: string | null;
  changesOnly: boolean;
};

/** Two texts in one, or beside each other. */
export function RedlineView({ redline, layout, parties, chosen, changesOnly }: RedlineViewProps) {
  const numbers = numbersOf(redline);
  const called = (id: string) => numbers.get(id) || t().past.unnumbered;
  const shown = redline.paragraphs.filter((one) => !changesOnly || touched(one, chosen));
  const spans = { parties, chosen, called };
  if (shown.length === 0) return <p class="muted past-none">{t().past.nothingChanged}</p>;
  return (
    <div class={`text redline redline-${layout}`}>
      {layout === "sides" && (
        <div class="redline-row redline-heads">
          <p>{t().past.before}</p>
          <p>{t().past.after}</p>
        </div>
      )}
      {shown.map((one) =>
        layout === "inline" ? (
          <Standing
            key={one.id}
            form={one}
            number={numbers.get(one.id)}
            className={classOf(one, chosen)}
            id={`p-${one.id}`}
          >
            <Fate one={one} parties={parties} called={called} />
            <Spans spans={one.spans} {...spans} />
          </Standing>
        ) : (
          <div key={one.id} class={`redline-row ${classOf(one, chosen)}`} id={`p-${one.id}`}>
            {one.status === "added" ? (
              <div />
            ) : (
              <Standing form={one.was ?? one} number={numbers.get(one.id)}>
                <Spans spans={sideOf(one.spans, "-")} {...spans} />
              </Standing>
            )}
            {one.status === "removed" ? (
              <div>
                <Fate one={one} parties={parties} called={called} />
              </div>
            ) : (
              <Standing form={one} number={numbers.get(one.id)}>
                <Fate one={one} parties={parties} called={called} />
                <Spans spans={sideOf(one.spans, "+")} {...spans} />
              </Standing>
            )}
          </div>
        ),
      )}
    </div>
  );
}

const classOf = (one: Compared, chosen: string | null): string =>
  `compared compared-${one.status}${touched(one, chosen) ? " compared-touched" : ""}`;

type FateProps = { one: Compared; parties: Parties; called: (id: string) => string };

/** What became of a paragraph as a whole, where its words do not say it. */
function Fate({ one, parties, called }: FateProps) {
  const text = t().past;
  const said = fateOf(one, called);
  if (said === "") return null;
  const by = one.by && one.at ? signature(parties, one.by, one.at) : "";
  return (
    <span class="fate" data-detail={by === "" ? said : text.told(said, by)}>
      {said}
    </span>
  );
}

function fateOf({ status, kin, was, spans, kind, level, label }: Compared, called: (id: string) => string): string {
  const text = t().past;
  const moved = spans.some((span) => span.moved);
  if (status === "moved") return text.fates.moved;
  if (status === "added" && kin && moved) return text.fates.split(called(kin));
  if (status === "removed" && kin && moved) return text.fates.joined(called(kin));
  if (was && (was.kind !== kind || was.level !== level || was.label !== label)) return text.fates.formed;
  if (status === "added" && spans.length === 0) return text.fates.added;
  return status === "removed" && spans.length === 0 ? text.fates.removed : "";
}

type SpansProps = {
  spans: readonly Span[];
  parties: Parties;
  chosen: string | null;
  called: (id: string) => string;
};

function Spans({ spans, parties, chosen, called }: SpansProps) {
  return (
    <>
      {spans.map((span, at) => (
        <Shown key={at} span={span} before={spans[at - 1]} parties={parties} chosen={chosen} called={called} />
      ))}
    </>
  );
}

type ShownProps = Omit<SpansProps, "spans"> & { span: Span; before: Span | undefined };

function Shown({ span, before, parties, chosen, called }: ShownProps) {
  const text = t().past;
  if (span.op === "=")
    return span.was ? (
      <span class="reformatted" data-detail={text.reformatted}>
        <Marked marks={span.marks}>{span.text}</Marked>
      </span>
    ) : (
      <Marked marks={span.marks}>{span.text}</Marked>
    );
  const party = partyOf(span);
  const Tag = span.op === "+" ? "ins" : "del";
  const fresh = !before || before.op === "=" || partyOf(before) !== party || before.moved !== span.moved;
  const pale = chosen !== null && chosen !== party ? " pale" : "";
  return (
    <Tag
      class={`${span.moved ? "carried" : ""} ${hue(party)}${pale}`}
      data-tag={fresh && !span.moved ? parties.tagOf(party) : undefined}
      data-detail={told(span, parties, called)}
    >
      <Marked marks={span.marks}>{span.text}</Marked>
    </Tag>
  );
}

function told(span: Span, parties: Parties, called: (id: string) => string): string {
  const text = t().past;
  const by = span.by && span.at ? signature(parties, span.by, span.at) : "";
  if (span.moved) {
    const where = called(span.moved);
    return text.told(span.op === "+" ? text.carriedFrom(where) : text.carriedTo(where), by);
  }
  if (span.through && span.by && span.at) {
    const through = signature(parties, span.through, span.at);
    return text.told(text.cameBack, `${span.by.name} · ${text.through(through)}`);
  }
  return text.told(span.op === "+" ? text.came : text.went, by);
}
