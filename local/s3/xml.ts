/** An element's content: text, or elements of their own; a list repeats the element. */
export type Xml = string | number | boolean | readonly Xml[] | { readonly [name: string]: Xml | undefined };

/** A whole document of one element, in the name space of the S3 API where it has one. */
export function xmlDocument(name: string, content: Xml, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${attribute}>${write(content)}</${name}>`;
}

/** Name space of every document but an error's. */
export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

function write(content: Xml): string {
  if (typeof content !== 'object') return escapeText(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) =>
      value === undefined ? [] : (Array.isArray(value) ? value : [value]).map((one) => [name, one]),
    )
    .map(([name, value]) => `<${name}>${write(value as Xml)}</${name}>`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
