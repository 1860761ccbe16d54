/** Literals, quoted names and comments: what lies in them is no placeholder and no keyword. */
const OPAQUE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** Changes what is SQL and leaves literals, quoted names and comments as they are. */
export function outsideLiterals(sql: string, change: (part: string) => string): string {
  let changed = '';
  let from = 0;
  for (const match of sql.matchAll(OPAQUE)) {
    changed += change(sql.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return changed + change(sql.slice(from));
}

/** `?` becomes `$1`, `$2`, ... in order; `?2` becomes `$2`. */
export function numberedPlaceholders(sql: string): string {
  let count = 0;
  return outsideLiterals(sql, (part) =>
    part.replace(/\?(\d*)/g, (_mark, index: string) => `$${index === '' ? String((count += 1)) : index}`),
  );
}
