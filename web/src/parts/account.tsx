import { whoAmI } from "../me";
import { t } from "../text/language";
import { DelegationChip } from "./delegation";
import { Disclosure } from "./disclosure";
import { Icon } from "./icon";
import { Preferences } from "./preferences";

/** Who one is, what one sets for oneself, and the way out. */
export function Account({ onSignOut }: { onSignOut: () => void }) {
  const { participant, meeting } = whoAmI();
  const delegation = meeting?.delegations.find((one) => one.code === participant.delegation);
  return (
    <Disclosure
      label={`${participant.name}, ${t().roles[participant.role]}`}
      className="button quiet account"
      face={
        <>
          <span class="monogram" aria-hidden="true">
            {initials(participant.name)}
          </span>
          <Icon name="chevron" />
        </>
      }
    >
      <div class="account-who">
        <strong>
          <bdi>{participant.name}</bdi>
        </strong>
        <span class="muted">{t().roles[participant.role]}</span>
        {delegation && <DelegationChip code={delegation.code} name={delegation.name} />}
      </div>
      <Preferences />
      <button type="button" class="button wide" onClick={onSignOut}>
        {t().signOut}
      </button>
    </Disclosure>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters
    .map((word) => Array.from(word ?? "")[0] ?? "")
    .join("")
    .toLocaleUpperCase();
}
