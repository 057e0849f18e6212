import { useMemo } from "preact/hooks";
import { hueOf } from "../../../parts/hue";
import type { Live } from "../live";
import { type Span, spans } from "./markdown";

/** What somebody wrote, as elements. It is text throughout: no markup in it is ever read. */
export function Body({ live, body }: { live: Live; body: string }) {
  const parts = useMemo(() => spans(body, live.codes), [body, live]);
  return (
    <div class="remark-body" dir="auto">
      {parts.map((span, index) => (
        <Dressed key={`${index}${span.text}`} live={live} {...span} />
      ))}
    </div>
  );
}

function Dressed({ live, text, strong, em, href, mention }: Span & { live: Live }) {
  if (strong)
    return (
      <strong>
        <Dressed live={live} text={text} {...pick({ em, href, mention })} />
      </strong>
    );
  if (em)
    return (
      <em>
        <Dressed live={live} text={text} {...pick({ href, mention })} />
      </em>
    );
  if (href)
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
        {text}
      </a>
    );
  if (mention)
    return (
      <bdi class={`mention ${hueOf(mention)}`} dir="ltr" title={live.nameOf(mention)}>
        {text}
      </bdi>
    );
  return <>{text}</>;
}

type Rest = { em?: boolean | undefined; href?: string | undefined; mention?: string | undefined };

const pick = (rest: Rest): Omit<Span, "text"> =>
  Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
