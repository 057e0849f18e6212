import { useEffect } from "preact/hooks";
import type { Problem } from "../api";
import { problemText } from "../parts/act";
import { Shell } from "../parts/shell";
import { paths } from "../route";
import { t } from "../text/language";
import { nameThePage } from "../title";

type MessageProps = { title: string; body: string; way?: { href: string; label: string } };

function Message({ title, body, way }: MessageProps) {
  useEffect(() => nameThePage(title), [title]);
  return (
    <Shell width="narrow">
      <div class="message">
        <h1>{title}</h1>
        <p>{body}</p>
        {way && (
          <a class="button primary" href={way.href}>
            {way.label}
          </a>
        )}
      </div>
    </Shell>
  );
}

export function NotFound() {
  return <Message {...t().notFound} way={{ href: paths.home(), label: t().notFound.back }} />;
}

export function Forbidden() {
  return <Message {...t().forbidden} way={{ href: paths.home(), label: t().notFound.back }} />;
}

export function Unreachable() {
  return <Message {...t().failed} />;
}

/** What a page shows instead of itself when what it is about could not be fetched. */
export function Failed({ problem }: { problem: Problem }) {
  if (problem.status === 404) return <NotFound />;
  if (problem.status === 403) return <Forbidden />;
  return (
    <Message
      title={t().failed.title}
      body={problemText(problem)}
      way={{ href: location.href, label: t().common.tryAgain }}
    />
  );
}
