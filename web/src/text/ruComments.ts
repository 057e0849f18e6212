import type { enComments } from "./enComments";
import { pluralOf } from "./plural";

const plural = pluralOf<"one" | "few" | "many">("ru");
const threads = (n: number) => plural(n, { one: "# ветка", few: "# ветки", many: "# веток", other: "# ветки" });
const said = (n: number) =>
  plural(n, { one: "# комментарий", few: "# комментария", many: "# комментариев", other: "# комментария" });

export const ruComments: typeof enComments = {
  title: "Комментарии",
  count: (n) => plural(n, { one: "# открытая", few: "# открытые", many: "# открытых", other: "# открытых" }),
  atParagraph: (name, n) => `${name}: ${threads(n)}`,
  withUnread: (label) => `${label}, есть непрочитанное`,
  none: "Комментариев пока нет",
  noneHint: "Выделите слова или поставьте курсор в абзац и нажмите Ctrl+Alt+M.",
  noneFound: "Фильтру не соответствует ни одна ветка.",
  showAll: "Показать все",
  loadFailed: "Не удалось загрузить комментарии.",
  detachedTitle: "К удалённым абзацам",

  add: "Комментировать",
  addTo: (name) => `Комментарий: ${name}`,
  noPlace: "Сначала поставьте курсор в абзац.",
  mayNot: "Ваша роль не комментирует на этом заседании.",
  open: "Показать комментарии",
  close: "Скрыть комментарии",

  filter: "Фильтр",
  filtered: "фильтр включён",
  which: { everything: "Все", for_us: "Для нас", unread: "Непрочитанные", mine: "Мои" },
  whichTitle: "Какие ветки",
  stateTitle: "Состояние",
  state: { open: "Открытые", resolved: "Решённые", any: "Открытые и решённые" },
  delegationTitle: "Делегация",
  anyDelegation: "Любая делегация",
  readAll: "Отметить всё прочитанным",
  allRead: "Все комментарии отмечены прочитанными",

  thread: (name, by, n) => `${name}, начал(а) ${by}, ${said(n)}`,
  unread: "Не прочитано",
  resolved: "Решено",
  resolvedBy: (who, when) => `Решено: ${who}, ${when}`,
  privateTo: (delegation) => `Только ${delegation}`,
  privateHint: "Эту ветку видят только участники от этой делегации.",
  edited: "изменено",
  editedAt: (when) => `Изменено ${when}`,
  withdrawnBody: "Этот комментарий отозван.",
  more: (n) => plural(n, { one: "ещё # ответ", few: "ещё # ответа", many: "ещё # ответов", other: "ещё # ответа" }),
  unsentReply: "Есть неотправленный ответ",

  reply: "Ответить",
  replyTo: (who) => `Ответ: ${who}`,
  resolve: "Решено",
  reopen: "Открыть снова",
  resolvedNow: "Ветка решена",
  reopenedNow: "Ветка снова открыта",
  edit: "Изменить",
  editTitle: "Изменить комментарий",
  withdraw: "Отозвать",
  withdrawTitle: "Отозвать этот комментарий?",
  withdrawBody: "Его слова исчезнут для всех, и вернуть их будет нельзя. В протоколе останется, что он был.",
  withdrawn: "Комментарий отозван",
  publish: "Показать всем",
  publishTitle: "Показать эту ветку всем?",
  publishBody: (delegation) =>
    `Все на заседании увидят её целиком, со всеми комментариями (${delegation}). Отменить это нельзя.`,
  published: "Теперь эту ветку видят все",

  body: "Ваш комментарий",
  bodyHint: "Ctrl+Enter — отправить. *Выделение*, ссылки и @делегации распознаются.",
  visibility: "Кто увидит",
  toAll: "Все",
  toOurs: (delegation) => `Только ${delegation}`,
  postToAll: "Отправить всем",
  postToOurs: (delegation) => `Отправить: только ${delegation}`,
  posting: "Отправляется…",
  posted: "Комментарий отправлен",
  save: "Сохранить",
  discard: "Удалить черновик",
  cancel: "Отмена",
  dropQuote: "Без цитаты",
  notPosted: "Не отправлено. Ваши слова хранятся на этом устройстве.",
  notKept: "Этот браузер не может сохранить ваши слова: скопируйте их, прежде чем покинуть страницу.",
  tooLong: (n) =>
    plural(n, { one: "# лишний знак", few: "# лишних знака", many: "# лишних знаков", other: "# лишнего знака" }),
  left: (n) =>
    plural(n, { one: "Остался # знак", few: "Осталось # знака", many: "Осталось # знаков", other: "Осталось # знака" }),
  paragraphGone: "Этого абзаца больше нет. Скопируйте свои слова или удалите их.",
  mentions: "Делегации, которые можно упомянуть",

  told: (who, name) => `${name}: комментарий (${who})`,
  toldMany: (n) =>
    plural(n, {
      one: "# новый комментарий",
      few: "# новых комментария",
      many: "# новых комментариев",
      other: "# нового комментария",
    }),

  fromTray: "Опубликовать комментарием",

  since: {
    title: "Пока вас не было",
    region: "Что изменилось, пока вас не было",
    counts: {
      paragraph: (n) => plural(n, { one: "# абзац", few: "# абзаца", many: "# абзацев", other: "# абзаца" }),
      bracket: (n) => plural(n, { one: "# скобка", few: "# скобки", many: "# скобок", other: "# скобки" }),
      comment: said,
      lock: (n) =>
        plural(n, { one: "# согласование", few: "# согласования", many: "# согласований", other: "# согласования" }),
    },
    place: (n, of) => `${n} из ${of}`,
    next: "Следующее изменение",
    previous: "Предыдущее изменение",
    done: "Готово",
    doneHint: "Отмечает всё прочитанным",
    doneNow: "Всё отмечено прочитанным",
    later: "Позже",
    changed: (name) => `${name} · изменено`,
    added: (name) => `${name} · новый`,
    removed: "Удалён абзац",
    position: (name, who) => `${name} · позиция по скобке (${who})`,
    resolved: (name, who) => `${name} · скобка снята (${who})`,
    comment: (name, who) => `${name} · комментарий (${who})`,
    agreed: (name) => `${name} · согласовано`,
    reopened: (name) => `${name} · снова открыто`,
    frozen: (who) => `Весь документ: заморожен или открыт (${who})`,
  },

  group: "Комментарии",
  keys: {
    add: "Комментарий к абзацу или к выделенному",
    next: "Следующая ветка",
    previous: "Предыдущая ветка",
    reply: "Ответить",
    resolve: "Решено или открыть снова",
    post: "Отправить написанное",
  },
  region: "Комментарии",
};
