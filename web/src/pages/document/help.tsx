import { may } from "../../me";
import { Dialog } from "../../parts/dialog";
import { t } from "../../text/language";

/** The keys of the page. */
export function Help({ editable, onClose }: { editable: boolean; onClose: () => void }) {
  const text = t().document;
  const { text: inText, page } = text.helpGroups;
  const keys = text.helpKeys;
  const comments = t().comments.keys;
  return (
    <Dialog title={text.help} onClose={onClose}>
      {editable && (
        <Group
          title={inText}
          rows={[
            ["Ctrl+B", keys.bold],
            ["Ctrl+I", keys.italic],
            ["Ctrl+U", keys.underline],
            ["Ctrl+Z", keys.undo],
            ["Ctrl+Y", keys.redo],
            ["Ctrl+Shift+[", t().brackets.keys.bracket],
            ["Ctrl+.", t().brackets.keys.mend],
            ["Esc", keys.leave],
          ]}
        />
      )}
      {may("preside") && (
        <Group
          title={t().locks.group}
          rows={[
            ["Ctrl+Alt+A", t().locks.keys.agree],
            ["Ctrl+Alt+R", t().locks.keys.agreeAdRef],
            ["Ctrl+Alt+O", t().locks.keys.reopen],
            ["Ctrl+Alt+F", t().locks.keys.show],
          ]}
        />
      )}
      <Group
        title={t().comments.group}
        rows={[
          ...(may("comment") ? ([["Ctrl+Alt+M", comments.add]] as const) : []),
          ["Ctrl+Alt+N", comments.next],
          ["Ctrl+Alt+P", comments.previous],
          ...(may("comment")
            ? ([
                ["Ctrl+Alt+Enter", comments.reply],
                ["Ctrl+Alt+E", comments.resolve],
                ["Ctrl+Enter", comments.post],
              ] as const)
            : []),
        ]}
      />
      <Group
        title={page}
        rows={[
          ["Ctrl+G", keys.goTo],
          ["F8", t().brackets.keys.step],
          ["F6", keys.regions],
          ["Ctrl+Alt+S", t().papers.open],
          ["Ctrl+Alt+H", t().past.open],
          ["Ctrl+Alt+W", t().past.whose],
          ["Ctrl+/", keys.help],
        ]}
      />
    </Dialog>
  );
}

function Group({ title, rows }: { title: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <section class="keys">
      <h3>{title}</h3>
      <dl>
        {rows.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split("+").map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
