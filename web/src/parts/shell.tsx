import type { ComponentChildren } from "preact";
import { standing } from "../me";
import { paths } from "../route";
import { leave } from "../signOut";
import { t } from "../text/language";
import { Account } from "./account";
import { Disclosure } from "./disclosure";
import { Icon } from "./icon";
import { Preferences } from "./preferences";

type ShellProps = { children: ComponentChildren; trail?: ComponentChildren; width?: "narrow" | "wide" };

/** The frame of all pages but the document's: a bar, and the content under it. */
export function Shell({ children, trail, width = "wide" }: ShellProps) {
  return (
    <>
      <SkipLink />
      <header class="bar">
        <a class="wordmark" href={paths.home()}>
          {t().product}
        </a>
        {trail}
        <span class="grow" />
        {standing.value.state === "signedIn" ? (
          <Account onSignOut={() => void leave()} />
        ) : (
          <Disclosure label={`${t().language.title}, ${t().theme.title}`} face={<Icon name="globe" />}>
            <Preferences />
          </Disclosure>
        )}
      </header>
      <main id="content" class={`content content-${width}`} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

export function SkipLink() {
  return (
    <a class="skip" href="#content">
      {t().common.skip}
    </a>
  );
}
