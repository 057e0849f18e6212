/**
 * The little Markdown that comments have: emphasis, links, and mentions of delegations. All else is plain text.
 *
 * It yields spans for the page to make elements of; no markup is ever read from a comment.
 */

export type Span = {
  readonly text: string;
  readonly strong?: boolean;
  readonly em?: boolean;
  readonly href?: string;
  /** Code of the delegation that is meant. */
  readonly mention?: string;
};

/** An emphasis mark, a link in brackets, an address, a mention. Bounded, so that no text makes it slow. */
const TOKEN =
  /\*\*|\*|_|\[(?<words>[^[\]\n]{1,300})\]\((?<to>[^\s()]{1,2000})\)|(?<bare>https?:\/\/[^\s<>"'`]{1,2000})|@(?<code>[A-Za-z0-9][A-Za-z0-9&+.-]{0,15})/giu;
const SCHEME = /^(?:https?:\/\/|mailto:)/i;
const LETTER = /[\p{L}\p{N}]/u;
const TRAILING = /[.,;:!?)\]}*_»”]+$/u;

/** An address that a link may lead to, as the browser writes it; null for what it must not. */
export function safeAddress(address: string): string | null {
  if (!SCHEME.test(address)) return null;
  if (!URL.canParse(address)) return null;
  const { username, password, href } = new URL(address);
  return username === "" && password === "" ? href : null; // "https://un.org@elsewhere" leads elsewhere
}

type Mark = "**" | "*" | "_";
type Token = Span & { readonly mark?: Mark; readonly opens?: boolean; readonly closes?: boolean };

export function spans(body: string, codes: ReadonlySet<string>): Span[] {
  const tokens = tokenized(body, codes);
  const pairs = paired(tokens);
  const open = new Set<Mark>();
  const out: Span[] = [];
  tokens.forEach(({ mark, opens: _, closes: __, ...span }, index) => {
    if (mark !== undefined && pairs.has(index)) {
      if (!open.delete(mark)) open.add(mark);
      return;
    }
    const strong = open.has("**");
    const em = open.has("*") || open.has("_");
    push(out, { ...span, ...(strong && { strong }), ...(em && { em }) });
  });
  return out;
}

function tokenized(body: string, codes: ReadonlySet<string>): Token[] {
  const tokens: Token[] = [];
  const plain = (from: number, to: number) => {
    if (to > from) tokens.push({ text: body.slice(from, to) });
  };
  let done = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(body); found !== null; found = TOKEN.exec(body)) {
    const token = tokenOf(body, found, codes);
    if (token === null) {
      TOKEN.lastIndex = found.index + 1; // something may begin inside what is no token
      continue;
    }
    plain(done, found.index);
    tokens.push(token);
    done = found.index + (token.mark ?? found[0].slice(0, lengthOf(token, found))).length;
    TOKEN.lastIndex = done;
  }
  plain(done, body.length);
  return tokens;
}

/** Of what was found, how much the token takes: sentences end behind addresses and codes. */
function lengthOf(token: Token, { groups }: RegExpExecArray): number {
  return groups?.words === undefined ? token.text.length : Number.POSITIVE_INFINITY;
}

function tokenOf(body: string, found: RegExpExecArray, codes: ReadonlySet<string>): Token | null {
  const { words, to, bare, code } = found.groups ?? {};
  if (words !== undefined && to !== undefined) {
    const href = safeAddress(to);
    return href === null ? null : { text: words, href };
  }
  if (bare !== undefined) {
    const text = bare.replace(TRAILING, "");
    const href = safeAddress(text);
    return href === null ? null : { text, href };
  }
  const before = body[found.index - 1] ?? " ";
  if (code !== undefined) {
    const known = /[\p{L}\p{N}_@]/u.test(before) ? null : meant(code, codes);
    return known === null ? null : { text: `@${known}`, mention: known };
  }
  return markOf(found[0] as Mark, before, body[found.index + found[0].length] ?? " ");
}

/** As the server reads it: a full stop at the end may be the sentence's, or the code's. */
function meant(code: string, codes: ReadonlySet<string>): string | null {
  let known = code;
  while (known !== "" && !codes.has(known)) known = /[.&+-]$/.test(known) ? known.slice(0, -1) : "";
  return known === "" ? null : known;
}

function markOf(mark: Mark, before: string, after: string): Token {
  const word = mark === "_";
  return {
    text: mark,
    mark,
    opens: !/\s/u.test(after) && !(word && LETTER.test(before)),
    closes: !/\s/u.test(before) && !(word && LETTER.test(after)),
  };
}

/** The indices of marks that have a partner. Of each mark one is open at a time; what it encloses ends inside it. */
function paired(tokens: readonly Token[]): ReadonlySet<number> {
  const pairs = new Set<number>();
  let open: { mark: Mark; index: number }[] = [];
  tokens.forEach(({ mark, opens, closes }, index) => {
    if (mark === undefined) return;
    const at = open.findIndex((one) => one.mark === mark);
    const opened = open[at];
    if (closes && opened !== undefined && opened.index < index - 1) {
      pairs.add(opened.index).add(index);
      open = open.slice(0, at);
    } else if (opens && opened === undefined) open.push({ mark, index });
  });
  return pairs;
}

/** Neighbours that look alike are one. */
function push(out: Span[], span: Span): void {
  const last = out.at(-1);
  const alike =
    last !== undefined &&
    last.href === undefined &&
    last.mention === undefined &&
    span.href === undefined &&
    span.mention === undefined &&
    last.strong === span.strong &&
    last.em === span.em;
  if (alike) out[out.length - 1] = { ...last, text: last.text + span.text };
  else out.push(span);
}
