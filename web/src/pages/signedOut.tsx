import { useEffect, useState } from "preact/hooks";
import { Field } from "../parts/field";
import { Shell } from "../parts/shell";
import { go, parse } from "../route";
import { t } from "../text/language";
import { nameThePage } from "../title";

/** For somebody who is not signed in: the only way in is an invitation link. */
export function SignedOut({ left }: { left: boolean }) {
  const [link, setLink] = useState("");
  const [error, setError] = useState("");
  const text = t().signedOut;
  useEffect(() => nameThePage(text.title), [text]);

  const open = (event: Event) => {
    event.preventDefault();
    const path = pathOfInvitation(link);
    if (path) go(path);
    else setError(text.notALink);
  };
  return (
    <Shell width="narrow">
      <form class="card card-form" onSubmit={open} noValidate>
        <h1>{text.title}</h1>
        {left && <p class="notice good">{text.left}</p>}
        <p class="lead">{text.body}</p>
        <Field label={text.pasteLabel} hint={text.pasteHint} error={error}>
          {(control) => (
            <input
              {...control}
              type="url"
              inputMode="url"
              autocomplete="off"
              spellcheck={false}
              value={link}
              onInput={(event) => {
                setLink(event.currentTarget.value);
                setError("");
              }}
            />
          )}
        </Field>
        <button type="submit" class="button primary wide">
          {text.open}
        </button>
      </form>
    </Shell>
  );
}

function pathOfInvitation(link: string): string | undefined {
  if (!URL.canParse(link.trim(), location.origin)) return undefined;
  const { pathname } = new URL(link.trim(), location.origin);
  return parse(pathname).page === "join" ? pathname : undefined;
}
