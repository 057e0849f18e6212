import { useId } from "preact/hooks";
import { chooseLanguage, language, languages, nameOfLanguage, t } from "../text/language";
import { chooseTheme, theme, themes } from "../theme";
import { Choice } from "./field";

/** Language and appearance: the two things that everybody sets for themselves. */
export function Preferences() {
  const id = useId();
  return (
    <div class="preferences">
      <Choice
        legend={t().language.title}
        name={`${id}-language`}
        value={language.value}
        options={languages.map((tag) => ({ value: tag, label: nameOfLanguage(tag) }))}
        onChange={chooseLanguage}
      />
      <Choice
        legend={t().theme.title}
        name={`${id}-theme`}
        value={theme.value}
        options={themes.map((value) => ({ value, label: t().theme[value] }))}
        onChange={chooseTheme}
      />
    </div>
  );
}
