import { attributes } from "../../editor/schema";
import { numbers } from "../document/numbering";
import type { Attributed, Attribution, Words } from "./calls";
import { Marked, Standing } from "./marked";
import { hue, NOBODY, type Parties, signature } from "./parties";

type AuthoredProps = {
  attribution: Attribution;
  parties: Parties;
  chosen: string | null;
  /** Whether the words bear the colours of those who wrote them. */
  coloured: boolean;
};

/** The text as it stood, and whose its words are. */
export function Authored({ attribution, parties, chosen, coloured }: AuthoredProps) {
  const names = new Map(attribution.participants.map((one) => [one.id, one.name]));
  const called = numbers(attribution.paragraphs.map(attributes));
  return (
    <div class={`text authored${coloured ? " authored-coloured" : ""}`}>
      {attribution.paragraphs.map((paragraph, at) => (
        <Standing
          key={paragraph.id}
          form={paragraph}
          number={called[at]}
          id={`p-${paragraph.id}`}
          className={chosen !== null && holds(paragraph, chosen) ? "authored-chosen" : ""}
        >
          {paragraph.runs.map((words, place) => (
            <span
              key={place}
              class={`words ${hue(partyOf(words))}${chosen !== null && chosen !== partyOf(words) ? " pale" : ""}`}
              data-tag={startsOf(paragraph, place) ? parties.tagOf(partyOf(words)) : undefined}
              data-detail={signature(
                parties,
                { delegation: words.delegation, name: names.get(words.participant) ?? "" },
                words.at,
              )}
            >
              <Marked marks={words.marks}>{words.text}</Marked>
            </span>
          ))}
        </Standing>
      ))}
    </div>
  );
}

export const partyOf = (words: Words): string => words.delegation ?? NOBODY;

const holds = ({ runs }: Attributed, party: string): boolean => runs.some((words) => partyOf(words) === party);

/** Whether the words of another delegation begin here. (The words of the others are the ground, and bear no mark.) */
function startsOf({ runs }: Attributed, place: number): boolean {
  const [before, here] = [runs[place - 1], runs[place]];
  if (here === undefined || partyOf(here) === NOBODY) return false;
  return before === undefined || partyOf(before) !== partyOf(here);
}

/** Which part of the text is whose, the largest first: parties with numbers from 0 to 1. */
export function sharesOf({ paragraphs }: Attribution): { party: string; part: number }[] {
  const sizes = new Map<string, number>();
  let all = 0;
  for (const { runs } of paragraphs)
    for (const words of runs) {
      sizes.set(partyOf(words), (sizes.get(partyOf(words)) ?? 0) + words.text.length);
      all += words.text.length;
    }
  return [...sizes].sort(([, one], [, other]) => other - one).map(([party, size]) => ({ party, part: size / all }));
}
