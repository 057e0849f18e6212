import { useEffect, useState } from "preact/hooks";
import { api, type Meeting, type Participant, type Role } from "../../api";
import { may, whoAmI } from "../../me";
import { useAct } from "../../parts/act";
import { announce } from "../../parts/announcer";
import { DelegationChip } from "../../parts/delegation";
import { Confirm } from "../../parts/dialog";
import { Icon } from "../../parts/icon";
import { useLoaded } from "../../parts/loaded";
import { t } from "../../text/language";
import { Failure } from "./failure";

const LOOK_AGAIN = 10_000; // milliseconds: who is online is asked anew while the list is looked at
const MANY = 8; // from here on a list is worth searching
const ORDER: Record<Role, number> = { chair: 0, secretariat: 1, delegate: 2, observer: 3 };

/** Who takes part, those who are here first. */
export function People({ meeting }: { meeting: Meeting }) {
  const people = useLoaded(meeting.id, () => api.participants(meeting.id));
  const [wanted, setWanted] = useState("");
  const [leaving, setLeaving] = useState<Participant>();
  const text = t().meeting;

  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void people.again();
    }, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [people.again]);

  const nameOf = (code: string | null) => meeting.delegations.find((one) => one.code === code)?.name ?? "";
  const all = [...(people.value ?? [])].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const found = all.filter((one) => matches(one, nameOf(one.delegation), wanted));
  const online = all.filter((one) => one.online).length;
  return (
    <section aria-labelledby="people-title">
      <header class="section-head">
        <h2 id="people-title">{text.people}</h2>
        {all.length > 0 && (
          <p class="muted">
            {text.peopleCount(all.length)} · {text.peopleOnline(online)}
          </p>
        )}
        <span class="grow" />
        {all.length > MANY && (
          <input
            type="search"
            class="search"
            placeholder={text.filterPeople}
            aria-label={text.filterPeople}
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        )}
      </header>
      <Failure of={people} />
      {people.value?.length === 0 && (
        <div class="empty">
          <h3>{text.noPeople}</h3>
          <p>{text.noPeopleBody}</p>
        </div>
      )}
      {all.length > 0 && found.length === 0 && <p class="muted">{text.nobodyFound}</p>}
      {found.length > 0 && (
        <ul class="rows dense">
          {found.map((one) => (
            <Row key={one.id} person={one} delegation={nameOf(one.delegation)} onRemove={() => setLeaving(one)} />
          ))}
        </ul>
      )}
      {leaving && (
        <Removal person={leaving} onRemoved={() => void people.again()} onClose={() => setLeaving(undefined)} />
      )}
    </section>
  );
}

function rank(person: Participant): number {
  return (person.online ? 0 : 10) + ORDER[person.role];
}

function matches(person: Participant, delegation: string, wanted: string): boolean {
  const words = `${person.name} ${person.delegation ?? ""} ${delegation}`.toLocaleLowerCase();
  return words.includes(wanted.trim().toLocaleLowerCase());
}

type RowProps = { person: Participant; delegation: string; onRemove: () => void };

function Row({ person, delegation, onRemove }: RowProps) {
  const me = whoAmI().participant.id === person.id;
  const text = t().meeting;
  return (
    <li class="row person">
      <span class={`presence ${person.online ? "here" : ""}`} title={t().common[person.online ? "online" : "offline"]}>
        <span class="off-screen">{t().common[person.online ? "online" : "offline"]}</span>
      </span>
      <p class="person-name">
        <bdi>{person.name}</bdi>
        {me && <span class="muted"> ({t().common.you})</span>}
      </p>
      <p class="person-delegation">
        {person.delegation && <DelegationChip code={person.delegation} name={delegation} />}
      </p>
      <p class="person-role">{t().roles[person.role]}</p>
      <span class="row-actions">
        {may("administer") && !me && (
          <button
            type="button"
            class="button quiet square"
            aria-label={text.removePerson(person.name)}
            title={t().common.remove}
            onClick={onRemove}
          >
            <Icon name="trash" />
          </button>
        )}
      </span>
    </li>
  );
}

type RemovalProps = { person: Participant; onRemoved: () => void; onClose: () => void };

function Removal({ person, onRemoved, onClose }: RemovalProps) {
  const act = useAct();
  const remove = () =>
    act.run(async () => {
      await api.removeParticipant(person.id);
      announce(t().meeting.removed(person.name));
      onRemoved();
      onClose();
    });
  return (
    <Confirm
      title={t().meeting.removeTitle(person.name)}
      body={t().meeting.removeBody}
      action={t().common.remove}
      grave
      busy={act.busy}
      problem={act.problem}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  );
}
