import { useRef } from "preact/hooks";
import { Icon } from "../../../parts/icon";
import { useMedia } from "../../../parts/media";
import { t } from "../../../text/language";
import { BEGINNING } from "../live";
import { useRoleAs } from "../tabs";
import type { Comments } from "./comments";
import { Composer } from "./composer";
import { Filters } from "./filters";
import { type Item, Stack } from "./stack";
import { ALL, type Thread } from "./thread";
import { ThreadCard } from "./threadCard";

type MarginProps = { comments: Comments; onNew: () => void };

/** The threads: beside the text where there is room, else in a drawer or in a view of their own. */
export function Margin({ comments, onNew }: MarginProps) {
  const text = t().comments;
  const wide = useMedia("(width >= 75rem)"); // comments.css
  const role = useRoleAs("comments", comments.live.view);
  const aside = useRef<HTMLDivElement>(null);
  const open = comments.drawer.value;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has a role, by what else is in sight
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: complementary or main, both have names
    <div
      ref={aside}
      class={`margin ${open ? "margin-open" : ""}`}
      role={role ?? "complementary"}
      aria-label={text.region}
      data-region="comments"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" && event.target === aside.current) comments.drawer.value = false;
      }}
    >
      <div class="margin-head">
        <h2>
          {text.title} <span class="muted">{comments.openOnes.value > 0 && text.count(comments.openOnes.value)}</span>
        </h2>
        <span class="grow" />
        {comments.mayWrite && (
          <button
            type="button"
            class="button quiet square small"
            aria-label={text.add}
            title={`${text.add} (Ctrl+Alt+M)`}
            onMouseDown={(event) => event.preventDefault()} // what is selected in the text will be the quote
            onClick={onNew}
          >
            <Icon name="plus" />
          </button>
        )}
        <Filters comments={comments} />
        <button
          type="button"
          class="button quiet square small margin-close"
          aria-label={text.close}
          title={text.close}
          onClick={() => {
            comments.drawer.value = false;
          }}
        >
          <Icon name="close" />
        </button>
      </div>
      <Contents comments={comments} level={wide} />
    </div>
  );
}

function Contents({ comments, level }: { comments: Comments; level: boolean }) {
  const text = t().comments;
  const items = itemsOf(comments, level);
  if (items.length > 0) return <Stack items={items} pinned={comments.reading.value} label={text.title} />;
  if (comments.problem.value && !comments.loaded.value)
    return (
      <div class="margin-empty" role="alert">
        <p>{text.loadFailed}</p>
        <button type="button" class="button small" onClick={() => void comments.load()}>
          {t().common.tryAgain}
        </button>
      </div>
    );
  if (!comments.loaded.value) return null;
  const filtered = comments.threads.value.size > 0;
  return (
    <div class="margin-empty">
      <p>{filtered ? text.noneFound : text.none}</p>
      {filtered ? (
        <button
          type="button"
          class="button small"
          onClick={() => {
            comments.filter.value = { ...ALL, state: "any" };
          }}
        >
          {text.showAll}
        </button>
      ) : (
        comments.mayWrite && <p class="muted">{text.noneHint}</p>
      )}
    </div>
  );
}

/** What is being begun stands behind the threads of its paragraph; what is detached, last of all. */
function itemsOf(comments: Comments, level: boolean): Item[] {
  const { value: tops } = comments.tops;
  const { value: places } = comments.places;
  const placed = (paragraph: string) => (level ? Math.max(0, (tops.get(paragraph) ?? 0) + comments.above.value) : 0);
  const items: (Item & { place: number })[] = [];
  for (const thread of comments.shown.value) {
    const place = thread.detached ? undefined : places.get(thread.paragraph);
    if (place === undefined) continue;
    items.push({
      key: thread.id,
      place,
      wanted: placed(thread.paragraph),
      draw: () => (
        <Drawn comments={comments} thread={thread} place={level ? null : comments.nameOf(thread.paragraph)} />
      ),
    });
  }
  const lost: Item[] = [];
  for (const [paragraph, times] of comments.beginning.value) {
    const place = places.get(paragraph);
    const begun = {
      key: `new/${paragraph}`,
      wanted: placed(paragraph),
      draw: () => <Beginning key={times} comments={comments} paragraph={paragraph} gone={place === undefined} />,
    };
    if (place === undefined) lost.push(begun);
    else items.push({ ...begun, place: place + 0.5 });
  }
  items.sort((a, b) => a.place - b.place);
  const gone = comments.shown.value.filter(({ detached, paragraph }) => detached || !places.has(paragraph));
  const after = items.at(-1)?.wanted ?? 0;
  return [...items, ...detachedItems(comments, gone, lost).map((item) => ({ ...item, wanted: after }))];
}

function detachedItems(comments: Comments, threads: readonly Thread[], lost: readonly Item[]): Item[] {
  if (threads.length + lost.length === 0 || comments.places.value.size === 0) return [];
  const head = { key: "detached", wanted: 0, draw: () => <h3 class="margin-group">{t().comments.detachedTitle}</h3> };
  return [
    head,
    ...lost,
    ...threads.map((thread) => ({
      key: thread.id,
      wanted: 0,
      draw: () => <Drawn comments={comments} thread={thread} place={lastWords(thread)} />,
    })),
  ];
}

function lastWords({ paragraph_text }: Thread): string {
  const words = paragraph_text ?? "";
  return words.length > BEGINNING ? `“${words.slice(0, BEGINNING)}…”` : `“${words}”`;
}

/** A signal of its own: reading another thread draws two of them anew, not all. */
function Drawn({ comments, thread, place }: { comments: Comments; thread: Thread; place: string | null }) {
  return (
    <ThreadCard comments={comments} thread={thread} reading={comments.reading.value === thread.id} place={place} />
  );
}

function Beginning({ comments, paragraph, gone }: { comments: Comments; paragraph: string; gone: boolean }) {
  const text = t().comments;
  const { delegation, role } = comments.reader;
  const ours = delegation !== null && role !== "secretariat" ? comments.live.nameOf(delegation) : null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc leads from it back into the text
    <div
      class="beginning"
      tabIndex={-1}
      onKeyDown={({ key, target, currentTarget }) => {
        if (key === "Escape" && target === currentTarget) comments.leave({ paragraph });
      }}
    >
      {gone ? (
        <p class="error">{text.paragraphGone}</p>
      ) : (
        <p class="beginning-title">{text.addTo(comments.nameOf(paragraph))}</p>
      )}
      <Composer
        comments={comments}
        what={`new/${paragraph}`}
        label={gone ? text.body : text.addTo(comments.nameOf(paragraph))}
        ours={ours}
      />
    </div>
  );
}
