import type { ComponentChildren } from "preact";
import { Disclosure } from "../../parts/disclosure";
import { Icon } from "../../parts/icon";
import { t } from "../../text/language";
import { ask, placeOf, showEveryone } from "./chair";
import type { Live } from "./live";
import { lockSentence, paragraphName } from "./lockNames";

type ChairProps = { live: Live; documentId: string };

/** In the bar: what the chair settles for the paragraph where the caret is, and for the whole document. */
export function ChairMenu({ live, documentId }: ChairProps) {
  const text = t().locks;
  return (
    <Disclosure
      className="button chair-menu"
      face={
        <>
          <Icon name="check" />
          <span class="chair-word">{text.chair}</span>
          <Icon name="chevron" />
        </>
      }
      label={text.chair}
    >
      {(close) => <Menu live={live} documentId={documentId} close={close} />}
    </Disclosure>
  );
}

function Menu({ live, documentId, close }: ChairProps & { close: () => void }) {
  const text = t().locks;
  const place = placeOf(live);
  const frozen = live.frozen.value;
  return (
    <div class="settle-menu">
      {place !== null && <ParagraphActs live={live} documentId={documentId} paragraph={place} close={close} />}
      <Item
        onUse={() => {
          close();
          live.asked.value = { act: frozen ? "unfreeze" : "freeze" };
        }}
      >
        <Icon name="lock" />
        {frozen ? text.unfreeze : text.freeze}
      </Item>
    </div>
  );
}

type ActsProps = ChairProps & { paragraph: string; close: () => void };

/** What the chair may do with one paragraph. */
export function ParagraphActs({ live, documentId, paragraph, close }: ActsProps) {
  const text = t().locks;
  const lock = live.locks.value.get(paragraph);
  const choose = (act: "agreed" | "agreed_ad_ref" | "reopen") => {
    close();
    ask(live, act, paragraph);
  };
  return (
    <>
      <h2 class="panel-title">{paragraphName(live, paragraph)}</h2>
      {lock && <p class="settle-state">{lockSentence(live, lock)}</p>}
      {lock?.status !== "agreed" && (
        <Item keys="Ctrl+Alt+A" onUse={() => choose("agreed")}>
          <Icon name="check" />
          {text.agree}
        </Item>
      )}
      {lock?.status !== "agreed_ad_ref" && (
        <Item keys="Ctrl+Alt+R" onUse={() => choose("agreed_ad_ref")}>
          <Icon name="check" />
          {text.agreeAdRef}
        </Item>
      )}
      {lock && (
        <Item keys="Ctrl+Alt+O" onUse={() => choose("reopen")}>
          <Icon name="edit" />
          {text.reopen}
        </Item>
      )}
      <Item
        keys="Ctrl+Alt+F"
        onUse={() => {
          close();
          void showEveryone(live, documentId, paragraph);
        }}
      >
        <Icon name="screen" />
        {live.focus.value === paragraph ? text.showNobody : text.showEveryone}
      </Item>
    </>
  );
}

function Item({ keys, onUse, children }: { keys?: string; onUse: () => void; children: ComponentChildren }) {
  return (
    <button type="button" class="button quiet settle-act" title={keys} onClick={onUse}>
      {children}
    </button>
  );
}
