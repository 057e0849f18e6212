import { effect, signal } from "@preact/signals";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const KEY = "rollingtext.theme";
const kept = localStorage.getItem(KEY);

export const theme = signal<Theme>(themes.find((known) => known === kept) ?? "system");

export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(KEY, chosen);
  theme.value = chosen;
}

// The style sheet answers with `color-scheme`, on which every light-dark() depends.
effect(() => {
  if (theme.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});
