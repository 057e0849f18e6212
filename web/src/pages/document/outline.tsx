import { memo } from "preact/compat";
import { useEffect, useRef } from "preact/hooks";
import type { PageParagraph } from "../../editor/interface";
import { Icon } from "../../parts/icon";
import { t } from "../../text/language";
import { BEGINNING, type Live } from "./live";
import { lockSentence } from "./lockNames";
import type { Lock } from "./lockState";
import { numbered } from "./numbering";

type OutlineProps = {
  live: Live;
  current: string | null;
  onGo: (id: string) => void;
};

/** The paragraphs by their numbers and first words, under their headings. */
export function Outline({ live, current, onGo }: OutlineProps) {
  const paragraphs = live.paragraphs.value;
  const locks = live.locks.value;
  const list = useRef<HTMLOListElement>(null);
  const names = numbered(paragraphs);

  useEffect(() => {
    if (current) list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [current]);

  if (paragraphs.every(({ text }) => !text)) return <p class="outline-empty">{t().document.outlineEmpty}</p>;
  return (
    <ol class="outline" ref={list}>
      {paragraphs.map(({ id, kind, level, text }) => (
        <Entry
          key={id}
          id={id}
          look={lookOf(kind, level)}
          name={names.get(id) ?? ""}
          words={text.slice(0, BEGINNING) || t().document.untitledParagraph}
          lock={sentenceOf(live, locks.get(id))}
          current={id === current}
          onGo={onGo}
        />
      ))}
    </ol>
  );
}

const sentenceOf = (live: Live, lock: Lock | undefined) => (lock === undefined ? "" : lockSentence(live, lock));

function lookOf(kind: PageParagraph["kind"], level: number): string {
  if (kind === "heading") return `heading-${Math.min(level, 3)}`;
  return kind === "item" && level > 1 ? "item-2" : kind;
}

type EntryProps = {
  id: string;
  look: string;
  name: string;
  words: string;
  /** Who agreed on it and when; empty while it is open. */
  lock: string;
  current: boolean;
  onGo: (id: string) => void;
};

const Entry = memo(({ id, look, name, words, lock, current, onGo }: EntryProps) => (
  <li>
    <a
      class={`outline-entry outline-${look}`}
      href={`#p-${id}`}
      aria-current={current ? "location" : undefined}
      onClick={(event) => {
        event.preventDefault();
        onGo(id);
      }}
    >
      {name && <span class="outline-name">{name}</span>}
      <span class="outline-words" dir="auto">
        {words}
      </span>
      {lock && (
        <span class="outline-lock" title={lock}>
          <Icon name="check" />
          <span class="off-screen">{lock}</span>
        </span>
      )}
    </a>
  </li>
));
