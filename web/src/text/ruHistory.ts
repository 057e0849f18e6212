import type { enHistory } from "./enHistory";

export const ruHistory: typeof enHistory = {
  title: "История",
  none: "Снимков пока нет.",
  automatic: "Сделан автоматически",
  by: (who, when) => `${who}, ${when}`,
  progress: (agreed, of, pairs) => `Согласовано ${agreed} из ${of} · скобок: ${pairs}`,
  label: "Назвать это состояние текста",
  labelHint: "Например, Rev.1",
  labelMissing: "Укажите название.",
  take: "Сделать снимок",
  taken: (label) => `Снимок сделан: ${label}`,
  restore: "Восстановить",
  restoreOf: (name) => `Восстановить: ${name}`,
  restoreTitle: "Восстановить этот текст?",
  restoreBody: (name) =>
    `Текст снова будет у всех таким, как в снимке «${name}». Написанное с тех пор не пропадёт: сначала будет сделан снимок.`,
  restored: "Текст восстановлен",
  unchanged: "Текст уже такой; ничего не изменено.",
  locked: "Изменился бы согласованный абзац. Сначала его нужно открыть снова.",
  frozen: "Документ заморожен. Ничего не изменено.",
};
