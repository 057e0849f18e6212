import { t } from "./text/language";

/** The name in the tab and in the history: what is shown first, then the product. */
export function nameThePage(name: string): void {
  document.title = name ? `${name} · ${t().product}` : t().product;
}
