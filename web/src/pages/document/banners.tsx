import type { ComponentChildren } from "preact";
import { Icon } from "../../parts/icon";
import { t } from "../../text/language";
import type { Live } from "./live";

const NOT_ALLOWED = 4403; // close codes: contract W7

/** What everybody on the page must know before going on: in a line above the text, as long as it is so. */
export function Banners({ live, frozen }: { live: Live; frozen: boolean }) {
  const status = live.status.value;
  const text = t().document;
  return (
    <div class="banners" role="status">
      {frozen && <Banner kind="warn" title={text.frozenBanner} />}
      {status.state === "held" && <Banner kind="warn" title={text.heldBanner} more={text.heldBannerKept} />}
      {status.state === "signedout" && (
        <Banner kind="bad" title={text.signedOutBanner} more={text.signedOutBannerBody} />
      )}
      {status.state === "refused" && status.code === NOT_ALLOWED && <Banner kind="bad" title={text.forbiddenBanner} />}
      {status.state === "refused" && status.code !== NOT_ALLOWED && (
        <Banner kind="bad" title={text.reloadBanner}>
          <button type="button" class="button" onClick={() => location.reload()}>
            {text.reload}
          </button>
        </Banner>
      )}
    </div>
  );
}

type BannerProps = { kind: "warn" | "bad"; title: string; more?: string; children?: ComponentChildren };

function Banner({ kind, title, more, children }: BannerProps) {
  return (
    <div class={`banner ${kind}`}>
      <Icon name="warning" />
      <p>
        <strong>{title}</strong> {more}
      </p>
      {children}
    </div>
  );
}
