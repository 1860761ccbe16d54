const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/**
 * Free text of the bank made fit for an element: characters that XML does not know become spaces, and what is too long
 * is cut. Undefined where nothing is left, since an empty element is not valid.
 */
export function fitText(text: string | undefined, longest: number): string | undefined {
  if (text === undefined) return undefined;
  const clean = text.toWellFormed().replace(NOT_XML, ' ');
  const fitting = clean.length <= longest ? clean : [...clean].slice(0, longest).join('');
  return fitting.trim() === '' ? undefined : fitting;
}

/** Text of any length as pieces of at most so many characters. */
export function textPieces(text: string | undefined, longest: number): readonly string[] {
  const characters = [...(fitText(text, Number.MAX_SAFE_INTEGER) ?? '')];
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += longest) {
    const piece = fitText(characters.slice(at, at + longest).join(''), longest);
    if (piece !== undefined) pieces.push(piece);
  }
  return pieces;
}
