import { whoAmI } from "../../me";
import { DelegationChip } from "../../parts/delegation";
import { Disclosure } from "../../parts/disclosure";
import { hueOf } from "../../parts/hue";
import { Icon } from "../../parts/icon";
import { t } from "../../text/language";
import type { Live, Online } from "./live";

const SHOWN = 5; // codes side by side in the bar; the rest is counted

/** The delegations that have the document open, and in the panel their people. */
export function Present({ live }: { live: Live }) {
  const online = live.online.value;
  const observers = live.observers.value;
  const codes = [...new Set(online.flatMap(({ delegation }) => (delegation ? [delegation] : [])))].sort();
  const text = t().document;
  return (
    <Disclosure
      className="button quiet present"
      face={
        <>
          <span class="off-screen">{`${text.present}: `}</span>
          {codes.slice(0, SHOWN).map((code) => (
            <span key={code} class={`delegation-code ${hueOf(code)}`}>
              {code}{" "}
            </span>
          ))}
          {codes.length > SHOWN && <span class="present-more">+{codes.length - SHOWN}</span>}
          <span class="present-count" aria-hidden="true">
            <Icon name="people" />
            {codes.length}
          </span>
          {codes.length === 0 && <span class="present-more">{text.presentCount(0)}</span>}
        </>
      }
    >
      <h2 class="panel-title">{text.present}</h2>
      <People online={online} live={live} />
      {observers > 0 && <p class="muted">{text.observers(observers)}</p>}
    </Disclosure>
  );
}

function People({ online, live }: { online: readonly Online[]; live: Live }) {
  const me = whoAmI().participant;
  if (online.every((one) => one.id === me.id)) return <p class="muted">{t().document.nobodyElse}</p>;
  const sorted = [...online].sort(
    (a, b) => (a.delegation ?? "").localeCompare(b.delegation ?? "") || a.name.localeCompare(b.name),
  );
  return (
    <ul class="present-list">
      {sorted.map((one) => (
        <li key={one.id}>
          {one.delegation ? (
            <DelegationChip code={one.delegation} name={live.nameOf(one.delegation)} />
          ) : (
            <span class="badge">{t().roles[one.role]}</span>
          )}
          <span class="muted">
            <bdi>{one.name}</bdi>
            {one.id === me.id && ` (${t().common.you})`}
          </span>
        </li>
      ))}
    </ul>
  );
}
