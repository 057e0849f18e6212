import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Status } from "../../connection/status";
import { Icon } from "../../parts/icon";
import { t } from "../../text/language";
import type { Live } from "./live";

const NOT_ALLOWED = 4403; // close codes: contract W7

/** What everybody on the page must know before going on: in a line above the text, as long as it is so. */
export function Banners({ live, frozen }: { live: Live; frozen: boolean }) {
  const trouble = useComputed(() => troubleOf(live.status.value));
  const text = t().document;
  return (
    <div class="banners" role="status">
      {frozen && <Frozen live={live} />}
      {trouble.value === "held" && <Banner kind="warn" title={text.heldBanner} more={text.heldBannerKept} />}
      {trouble.value === "signedout" && (
        <Banner kind="bad" title={text.signedOutBanner} more={text.signedOutBannerBody} />
      )}
      {trouble.value === "forbidden" && <Banner kind="bad" title={text.forbiddenBanner} />}
      {trouble.value === "refused" && (
        <Banner kind="bad" title={text.reloadBanner}>
          <button type="button" class="button" onClick={() => location.reload()}>
            {text.reload}
          </button>
        </Banner>
      )}
    </div>
  );
}

function Frozen({ live }: { live: Live }) {
  const reason = live.frozenReason.value;
  return (
    <Banner kind="warn" title={t().document.frozenBanner} more={reason === null ? "" : t().locks.because(reason)} />
  );
}

/** What of a status stands in a banner: it changes seldom, the status with every keystroke. */
function troubleOf({ state, code }: Status): "held" | "signedout" | "refused" | "forbidden" | null {
  if (state === "refused") return code === NOT_ALLOWED ? "forbidden" : "refused";
  return state === "held" || state === "signedout" ? state : null;
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
