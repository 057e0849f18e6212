import { type ComponentChildren, h } from "preact";
import type { Form } from "./calls";

/** Text under its marks. */
export function Marked({ marks, children }: { marks: readonly string[]; children: ComponentChildren }) {
  let out = <>{children}</>;
  if (marks.includes("strike")) out = <s>{out}</s>;
  if (marks.includes("underline")) out = <u>{out}</u>;
  if (marks.includes("em")) out = <em>{out}</em>;
  if (marks.includes("strong")) out = <strong>{out}</strong>;
  return out;
}

type StandingProps = {
  form: Form;
  number: string | undefined;
  id?: string;
  className?: string;
  children: ComponentChildren;
};

/** A paragraph as it stood: as on the page of the document, but not to be written in. */
export function Standing({ form, number, id, className, children }: StandingProps) {
  return h(
    tagOf(form),
    {
      id,
      class: className,
      dir: "auto",
      "data-kind": form.kind,
      "data-level": form.level,
      "data-number": number || undefined,
    },
    children,
  );
}

/** The page's own title is the only heading of level 1. */
function tagOf({ kind, level }: Form): string {
  if (kind === "title") return "h2";
  return kind === "heading" ? `h${Math.min(level + 2, 6)}` : "p";
}
