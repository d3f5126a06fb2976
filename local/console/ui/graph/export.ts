import type { Layout } from '../../model/layout.ts';

/** What the stylesheet sets of a picture, and a picture on its own must bring along. */
const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font', 'text-anchor', 'display'];
const MARGIN = 16;
/** Pixels of a PNG to a pixel of the layout. */
const DENSITY = 2;
/** Browsers draw no larger canvas. */
const MOST_PIXELS = 8192;

export function exportSvg(svg: SVGSVGElement, layout: Layout, fileName: string): void {
  download(new Blob([toText(svg, layout)], { type: 'image/svg+xml' }), `${fileName}.svg`);
}

export async function exportPng(svg: SVGSVGElement, layout: Layout, fileName: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(toText(svg, layout))}`;
  await image.decode();
  const scale = Math.min(DENSITY, MOST_PIXELS / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && download(blob, `${fileName}.png`), 'image/png');
}

/** The whole graph, as it stands, at its own size. */
function toText(svg: SVGSVGElement, { width, height }: Layout): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const copies = copy.querySelectorAll<SVGElement>('*');
  svg.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const style = getComputedStyle(element);
    const own = copies[index];
    for (const name of STYLES) own?.style.setProperty(name, style.getPropertyValue(name));
  });
  const [wide, high] = [width + 2 * MARGIN, height + 2 * MARGIN];
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(wide));
  copy.setAttribute('height', String(high));
  copy.setAttribute('viewBox', `${-MARGIN} ${-MARGIN} ${wide} ${high}`);
  copy.querySelector('g[transform]')?.setAttribute('transform', 'translate(0 0) scale(1)');
  return new XMLSerializer().serializeToString(copy);
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
