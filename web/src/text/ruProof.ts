import type { enProof } from "./enProof";
import { pluralOf } from "./plural";

const count = pluralOf<"one" | "few" | "many">("ru");

export const ruProof: typeof enProof = {
  open: "Подтверждение",
  openOf: (name) => `Подтверждение: ${name}`,
  title: (label) => `Подтверждение: ${label}`,
  intro:
    "Сервер подписал, каким был текст, что было согласовано и что было удалено после предыдущего именованного снимка. Проверить это может любой, имея только Python, без этого сервера.",
  failed: "Подписать не удалось. Причина записана в журнале сервера; попробуйте через минуту.",
  signed: "Подписано",
  stated: "Содержание",
  paragraphs: (number) => count(number, { one: "# абзац", few: "# абзаца", many: "# абзацев", other: "# абзаца" }),
  locks: (number) => `согласовано: ${number}`,
  pairs: (number) => `открытых скобок: ${number}`,
  key: "Ключ",
  keyHint: "Внесите его в протокол: с ним сверится тот, кто будет проверять.",
  hash: (seq) => `Последний хеш, запись ${seq}`,
  first: "Это первый именованный снимок: сравнить его не с чем.",
  deletions: (number, label) =>
    count(number, {
      one: `# удаление после ${label}`,
      few: `# удаления после ${label}`,
      many: `# удалений после ${label}`,
      other: `# удаления после ${label}`,
    }),
  by: (who, when) => `${who}, ${when}`,
  more: (number) =>
    count(number, {
      one: "Ещё # есть в подтверждении.",
      few: "Ещё # есть в подтверждении.",
      many: "Ещё # есть в подтверждении.",
      other: "Ещё # есть в подтверждении.",
    }),
  save: "Сохранить подтверждение",
  checker: "Сохранить только программу проверки",
  packing: "Готовится…",
  saved: (name) => `Файл ${name} готов`,
  package: "Пакет для передачи",
  packageHint: "Тексты, изменения, позиции, оговорки, доклад и подтверждение в одном файле ZIP",
};
