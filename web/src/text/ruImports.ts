import type { enImports } from "./enImports";
import { pluralOf } from "./plural";

const plural = pluralOf<"one" | "few" | "many">("ru");

export const ruImports: typeof enImports = {
  look: "Просмотреть",
  looking: "Читаем…",
  title: (name) => `Просмотр: ${name}`,
  nothingSaved: "Пока ничего не сохранено.",
  add: "Добавить в заседание",
  back: "Назад",
  tracked: "Исправления",
  trackedCount: (came, went) =>
    `${plural(came, { one: "# вставка", few: "# вставки", many: "# вставок", other: "# вставки" })}, ` +
    plural(went, { one: "# удаление", few: "# удаления", many: "# удалений", other: "# удаления" }),
  trackedBy: (names) => `Авторы: ${names}`,
  accept: "Принять",
  acceptHint: "Текст со всеми исправлениями.",
  reject: "Отклонить",
  rejectHint: "Текст, каким он был до них.",
  brackets: "Заключить в скобки",
  bracketsHint: "[KAZ: вставленное] и [KAZ: DELETE: удалённое], чтобы решило заседание.",
  threads: (n) =>
    plural(n, {
      one: "# обсуждение",
      few: "# обсуждения",
      many: "# обсуждений",
      other: "# обсуждения",
    }),
  reading: "Как это будет читаться",
  remarks: (n) =>
    plural(n, {
      one: "# комментарий к этому абзацу",
      few: "# комментария к этому абзацу",
      many: "# комментариев к этому абзацу",
      other: "# комментария к этому абзацу",
    }),
  more: (n) =>
    plural(n, {
      one: "И ещё # абзац.",
      few: "И ещё # абзаца.",
      many: "И ещё # абзацев.",
      other: "И ещё # абзаца.",
    }),
  empty: "Слов в нём нет.",
};
