import { hueOf } from "./hue";

/** A delegation: its code in its colour and, where there is room, its name. */
export function DelegationChip({ code, name }: { code: string; name?: string }) {
  return (
    <span class={`delegation ${hueOf(code)}`}>
      <span class="delegation-code">{code}</span>
      {name && <bdi>{name}</bdi>}
    </span>
  );
}
