import { InvalidPattern } from './invalid-pattern.ts';

/**
 * Compiles a wildcard: `*` stands for any characters, `\*` and `\\` for themselves; no two `*` in a row. Throws an
 * InvalidPattern.
 */
export function compileWildcard(text: string): (value: string) => boolean {
  const [first = '', ...rest] = splitAtStars(text);
  const last = rest.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    let from = first.length;
    for (const part of rest) {
      const found = value.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return from <= value.length - last.length;
  };
}

function splitAtStars(text: string): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '*') {
      // AWS counts from the quote in front of the text.
      if (text[at + 1] === '*') throw new InvalidPattern(`Consecutive wildcard characters at pos ${at + 1}`);
      parts.push('');
      continue;
    }
    const isEscape = character === '\\';
    if (isEscape) at += 1;
    const taken = isEscape ? (text[at] ?? '') : character;
    if (isEscape && taken !== '*' && taken !== '\\') {
      throw new InvalidPattern(`Invalid escape character at pos ${at}`);
    }
    parts[parts.length - 1] += taken;
  }
  return parts;
}
