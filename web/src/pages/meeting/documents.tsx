import { useState } from "preact/hooks";
import { api, type Draft, type Meeting } from "../../api";
import { may } from "../../me";
import { Icon } from "../../parts/icon";
import { useLoaded } from "../../parts/loaded";
import { paths } from "../../route";
import { t } from "../../text/language";
import { AddDocument } from "./addDocument";
import { Failure } from "./failure";
import { RenameDocument } from "./renameDocument";

export function Documents({ meeting }: { meeting: Meeting }) {
  const documents = useLoaded(meeting.id, () => api.documents(meeting.id));
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Draft>();
  const text = t().meeting;
  return (
    <section aria-labelledby="documents-title">
      <header class="section-head">
        <h2 id="documents-title">{text.documents}</h2>
        {may("administer") && (
          <button type="button" class="button primary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {text.addDocument}
          </button>
        )}
      </header>
      <Failure of={documents} />
      {documents.value?.length === 0 && (
        <div class="empty">
          <h3>{text.noDocuments}</h3>
          <p>{may("administer") ? text.noDocumentsSecretariat : text.noDocumentsOthers}</p>
        </div>
      )}
      {documents.value && documents.value.length > 0 && (
        <ul class="rows">
          {documents.value.map((draft) => (
            <Row key={draft.id} draft={draft} onRename={() => setRenaming(draft)} />
          ))}
        </ul>
      )}
      {adding && (
        <AddDocument meeting={meeting} onAdded={() => void documents.again()} onClose={() => setAdding(false)} />
      )}
      {renaming && (
        <RenameDocument
          draft={renaming}
          onRenamed={() => void documents.again()}
          onClose={() => setRenaming(undefined)}
        />
      )}
    </section>
  );
}

function Row({ draft, onRename }: { draft: Draft; onRename: () => void }) {
  const text = t().meeting;
  return (
    <li class="row">
      <div class="row-main">
        {draft.symbol && (
          <p class="symbol">
            <bdi>{draft.symbol}</bdi>
          </p>
        )}
        <a class="row-title serif" href={paths.document(draft.id)} dir="auto">
          {draft.title}
        </a>
        <Standing draft={draft} />
      </div>
      <div class="row-actions">
        {draft.frozen && (
          <span class="badge frozen">
            <Icon name="lock" />
            {text.stateFrozen}
          </span>
        )}
        {may("administer") && (
          <button
            type="button"
            class="button quiet square"
            aria-label={`${text.renameDocument}: ${draft.title}`}
            title={text.renameDocument}
            onClick={onRename}
          >
            <Icon name="edit" />
          </button>
        )}
      </div>
    </li>
  );
}

/** How far a draft has come: paragraphs agreed once some are, till then those without brackets. */
function Standing({ draft }: { draft: Draft }) {
  const { paragraphs, pairs, agreed_paragraphs: agreed, clean_paragraphs: clean } = draft.progress;
  const text = t().meeting;
  const reached = agreed > 0 ? agreed : clean;
  const words = agreed > 0 ? text.agreed(agreed, paragraphs) : text.clean(clean, paragraphs);
  return (
    <div class="standing">
      <progress class="progress" max={Math.max(1, paragraphs)} value={reached} aria-label={text.progress} />
      <p class="row-line">
        {[text.paragraphs(paragraphs), pairs ? text.openBrackets(pairs) : text.noOpenBrackets, words].join(" · ")}
      </p>
    </div>
  );
}
