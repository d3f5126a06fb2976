/**
 * Compiles the pattern of StringMatches: `*` stands for any number of characters, `\*` for itself and `\\` for a
 * backslash. Matching takes time in proportion to the text and the pattern. Throws a SyntaxError on another escape.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const parts = splitAtWildcards(pattern);
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let position = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, position);
      if (found < 0 || found + part.length > end) return false;
      position = found + part.length;
    }
    return true;
  };
}

/** The literal texts between the wildcards. */
function splitAtWildcards(pattern: string): string[] {
  const parts = [''];
  for (let position = 0; position < pattern.length; position += 1) {
    const character = pattern.charAt(position);
    if (character === '*') {
      parts.push('');
      continue;
    }
    if (character === '\\') position += 1;
    const literal = character === '\\' ? pattern.charAt(position) : character;
    if (character === '\\' && literal !== '*' && literal !== '\\') {
      throw new SyntaxError(`The pattern '${pattern}' escapes another character than '*' and '\\'`);
    }
    parts.push(`${parts.pop()}${literal}`);
  }
  return parts;
}
