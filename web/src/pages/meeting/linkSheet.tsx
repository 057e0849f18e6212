import { useState } from "preact/hooks";
import { encode } from "uqr";
import type { Meeting } from "../../api";
import { copy } from "../../parts/announcer";
import { DelegationChip } from "../../parts/delegation";
import { Confirm } from "../../parts/dialog";
import { Icon } from "../../parts/icon";
import { day, t } from "../../text/language";
import { type NewLink, newLinks, putLinksAway, whom } from "./newLinks";

/** Links that were just made: to copy one by one or all at once, or to print and hand out. */
export function NewLinks({ meeting }: { meeting: Meeting }) {
  const [leaving, setLeaving] = useState(false);
  const links = newLinks(meeting.id);
  const text = t().meeting;
  if (links.length === 0) return null;
  const copyAll = () =>
    copy(links.map((link) => `${whom(link)}\t${link.url}`).join("\n"), text.copiedAll(links.length));
  return (
    <section class="card new-links" aria-labelledby="links-title">
      <header class="section-head">
        <h3 id="links-title">{text.linksTitle}</h3>
        <span class="grow" />
        <button type="button" class="button" onClick={() => void copyAll()}>
          <Icon name="copy" />
          {text.copyAll}
        </button>
        <button type="button" class="button" onClick={() => window.print()}>
          <Icon name="print" />
          {text.print}
        </button>
        <button type="button" class="button" onClick={() => setLeaving(true)}>
          {text.doneWithLinks}
        </button>
      </header>
      <p class="notice warn">{text.linksOnce}</p>
      <ul class="links">
        {links.map((link) => (
          <LinkRow key={link.id} link={link} />
        ))}
      </ul>
      <Sheet meeting={meeting} links={links} />
      {leaving && (
        <Confirm
          title={text.doneTitle}
          body={text.doneBody}
          action={text.doneWithLinks}
          onConfirm={() => putLinksAway(meeting.id)}
          onClose={() => setLeaving(false)}
        />
      )}
    </section>
  );
}

function LinkRow({ link }: { link: NewLink }) {
  const text = t().meeting;
  return (
    <li class="link-row">
      <span class="link-whom">
        {link.delegation ? (
          <DelegationChip code={link.delegation.code} name={link.delegation.name} />
        ) : (
          t().roles[link.role]
        )}
        {link.name && <bdi>{link.name}</bdi>}
        {link.delegation && <span class="muted">{t().roles[link.role]}</span>}
      </span>
      <code class="link-url">{link.url}</code>
      <button
        type="button"
        class="button quiet square"
        aria-label={text.copyLink(whom(link))}
        title={t().common.copy}
        onClick={() => void copy(link.url, t().common.copied)}
      >
        <Icon name="copy" />
      </button>
    </li>
  );
}

/** On paper only: a slip for each link, to be cut apart. */
function Sheet({ meeting, links }: { meeting: Meeting; links: readonly NewLink[] }) {
  return (
    <div class="sheet">
      {links.map((link) => (
        <article key={link.id} class="slip">
          <div>
            <h4>{link.delegation?.name ?? t().roles[link.role]}</h4>
            <p>{[link.name, link.delegation && t().roles[link.role]].filter(Boolean).join(", ")}</p>
            <p class="slip-meeting">
              {[meeting.title, meeting.starts_at && day(meeting.starts_at)].filter(Boolean).join(", ")}
            </p>
            <p>{t().meeting.sheetIntro}</p>
            <p class="slip-url">{link.url}</p>
          </div>
          <Square text={link.url} />
        </article>
      ))}
    </div>
  );
}

/** A QR code, drawn as one path. */
function Square({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: "M", border: 2 });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg class="slip-code" viewBox={`0 0 ${size} ${size}`} aria-hidden="true">
      <path d={dark.join("")} />
    </svg>
  );
}
