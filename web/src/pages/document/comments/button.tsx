import { Icon } from "../../../parts/icon";
import { t } from "../../../text/language";
import type { Comments } from "./comments";

/** Opens the drawer of comments where the margin has no room. */
export function CommentsButton({ comments }: { comments: Comments }) {
  const text = t().comments;
  const open = comments.drawer.value;
  const label = open ? text.close : text.open;
  const count = comments.openOnes.value;
  return (
    <button
      type="button"
      class="button quiet comments-button"
      aria-expanded={open}
      aria-label={comments.unread.value > 0 ? text.withUnread(label) : label}
      title={label}
      onClick={() => {
        comments.drawer.value = !open;
      }}
    >
      <Icon name="comment" />
      {count > 0 && <span class="comment-number">{count}</span>}
      {comments.unread.value > 0 && <span class="unread-dot" />}
    </button>
  );
}
