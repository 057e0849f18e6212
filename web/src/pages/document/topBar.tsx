import type { ComponentChildren } from "preact";
import type { Draft } from "../../api";
import { may, whoAmI } from "../../me";
import { Account } from "../../parts/account";
import { Icon, type IconName } from "../../parts/icon";
import { paths } from "../../route";
import { leave } from "../../signOut";
import { t } from "../../text/language";
import type { Brackets } from "./brackets/brackets";
import { BracketCount } from "./brackets/count";
import { ChairMenu } from "./chairMenu";
import { CommentsButton } from "./comments/button";
import type { Comments } from "./comments/comments";
import { AgreedCount, FollowButton } from "./following";
import type { Live } from "./live";
import { Present } from "./present";
import { SavedChip } from "./savedChip";

type TopBarProps = {
  draft: Draft;
  live: Live;
  comments: Comments;
  brackets: Brackets;
  onBrackets: () => void;
  onOutline: () => void;
  onExport: () => void;
  onHelp: () => void;
};

export function TopBar({ draft, live, comments, brackets, onBrackets, onOutline, onExport, onHelp }: TopBarProps) {
  const text = t().document;
  const role = whoAmI().participant.role;
  return (
    <header class="bar document-bar" data-region="bar" tabIndex={-1}>
      <a
        class="button quiet square"
        href={paths.meeting(draft.meeting)}
        aria-label={text.backToMeeting}
        title={text.backToMeeting}
      >
        <Icon name="back" />
      </a>
      <div class="document-name">
        {draft.symbol && (
          <p class="symbol">
            <bdi>{draft.symbol}</bdi>
          </p>
        )}
        <h1 title={draft.title} dir="auto">
          {draft.title}
        </h1>
      </div>
      <span class={`badge document-state ${live.frozen.value ? "frozen" : ""}`}>
        {live.frozen.value ? text.state.frozen : text.state.open}
      </span>
      <span class="grow" />
      <div class="bar-tools">
        <BracketCount brackets={brackets} onUse={onBrackets} />
        <AgreedCount live={live} />
        <SavedChip live={live} />
        {may("preside") ? <ChairMenu live={live} documentId={draft.id} /> : <FollowButton live={live} />}
        <Present live={live} />
        <span class="badge document-role">{t().roles[role]}</span>
        <CommentsButton comments={comments} />
        <BarButton icon="download" label={`${t().papers.open} (Ctrl+Alt+S)`} className="" onUse={onExport} />
        <BarButton icon="outline" label={text.showOutline} className="narrow-only" onUse={onOutline} />
        <a
          class="button quiet square wide-only"
          href={paths.past(draft.id)}
          aria-label={t().past.title}
          title={`${t().past.title} (Ctrl+Alt+H)`}
        >
          <Icon name="clock" />
        </a>
        <a
          class="button quiet square wide-only"
          href={paths.projector(draft.id)}
          target="_blank"
          rel="noopener"
          aria-label={text.projector}
          title={text.projector}
        >
          <Icon name="screen" />
        </a>
        <BarButton icon="keyboard" label={`${text.help} (Ctrl+/)`} className="wide-only" onUse={onHelp} />
      </div>
      <Account onSignOut={() => void leave()} />
    </header>
  );
}

type BarButtonProps = { icon: IconName; label: string; className: string; onUse: () => void };

function BarButton({ icon, label, className, onUse }: BarButtonProps): ComponentChildren {
  return (
    <button type="button" class={`button quiet square ${className}`} aria-label={label} title={label} onClick={onUse}>
      <Icon name={icon} />
    </button>
  );
}
