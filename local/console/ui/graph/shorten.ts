/** Those of graph.css. */
const FONTS = { name: '600 13px "Open Sans", sans-serif', note: '400 11.5px "Open Sans", sans-serif' };

const canvas = document.createElement('canvas').getContext('2d');

/** A text cut so that it takes no more than so many pixels in the graph. */
export function shorten(text: string, font: keyof typeof FONTS, width: number): string {
  if (!canvas) return text;
  canvas.font = FONTS[font];
  const fits = (part: string): boolean => canvas.measureText(part).width <= width;
  if (fits(text)) return text;
  let [least, most] = [0, text.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(`${text.slice(0, middle)}…`)) least = middle;
    else most = middle - 1;
  }
  return `${text.slice(0, least)}…`;
}
