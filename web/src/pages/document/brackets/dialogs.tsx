import type { Live } from "../live";
import type { Brackets } from "./brackets";
import { LintDialog } from "./lints";
import { Matrix } from "./matrix";
import { ProgressDialog } from "./progress";
import { ResolveDialog } from "./resolve";

/** What is open over the page, if anything. */
export function BracketDialogs({ live, brackets }: { live: Live; brackets: Brackets }) {
  const opened = brackets.opened.value;
  const close = () => {
    brackets.opened.value = null;
  };
  switch (opened?.what) {
    case "resolve":
      return <ResolveDialog live={live} brackets={brackets} id={opened.id} onClose={close} />;
    case "matrix":
      return <Matrix live={live} brackets={brackets} onClose={close} />;
    case "progress":
      return <ProgressDialog brackets={brackets} onClose={close} />;
    case "lint":
      return <LintDialog live={live} brackets={brackets} lint={opened.lint} onClose={close} />;
    default:
      return null;
  }
}
