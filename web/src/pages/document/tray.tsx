import type { TrayItem } from "../../connection/tray";
import { copy } from "../../parts/announcer";
import { Icon } from "../../parts/icon";
import { moment, t } from "../../text/language";
import type { Comments } from "./comments/comments";
import type { Live } from "./live";
import { numbered } from "./numbering";

/** Words that the server did not take: kept for their author, also across a reload, until they are dealt with. */
export function Tray({ live, comments }: { live: Live; comments: Comments }) {
  const items = live.tray.value;
  if (items.length === 0) return null;
  const text = t().document;
  const names = numbered(live.paragraphs.value);
  const dismiss = (item: TrayItem) => void live.connection.dismiss(item.id);
  return (
    <aside class="tray" aria-label={text.regions.tray} data-region="tray" tabIndex={-1}>
      <header class="tray-head">
        <h2>{text.trayTitle}</h2>
        {items.length > 1 && (
          <button
            type="button"
            class="button quiet"
            onClick={() => {
              for (const item of items) dismiss(item);
            }}
          >
            {text.dismissAll}
          </button>
        )}
      </header>
      <p class="muted">{text.trayBody}</p>
      <ul class="tray-items">
        {items.map((item) => (
          <li key={item.id} class="tray-item">
            <p class="tray-why">
              {text.trayBecause[item.reason]}{" "}
              <span class="muted">
                {[item.paragraph && names.get(item.paragraph), moment(item.at.toISOString())]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </p>
            <blockquote class="serif" dir="auto">
              {item.text}
            </blockquote>
            <div class="tray-actions">
              <button type="button" class="button" onClick={() => void copy(item.text, t().common.copied)}>
                <Icon name="copy" />
                {t().common.copy}
              </button>
              <CommentOn item={item} comments={comments} />
              <button type="button" class="button quiet" onClick={() => dismiss(item)}>
                {text.dismiss}
              </button>
            </div>
          </li>
        ))}
      </ul>
    </aside>
  );
}

/** Begins a comment with these words, where their paragraph is still there. They stay here until it is posted. */
function CommentOn({ item, comments }: { item: TrayItem; comments: Comments }) {
  const { paragraph } = item;
  if (!comments.mayWrite || paragraph === null || !comments.places.value.has(paragraph)) return null;
  return (
    <button type="button" class="button" onClick={() => comments.begin(paragraph, { words: item.text, tray: item.id })}>
      <Icon name="comment" />
      {t().comments.fromTray}
    </button>
  );
}
