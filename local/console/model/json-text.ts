/** Line separators, spaces without width, and what turns the direction of text; not the joiners that emoji are made of. */
const INVISIBLE = /[\u0085\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text of JSON, or a part of one, with what cannot be seen as the escapes that JSON has for it. */
export function showInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
