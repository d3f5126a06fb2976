import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

interface BundledPackage {
  /** `name@version`. */
  readonly title: string;
  /** As an SPDX identifier. */
  readonly license: string;
  /** What its license asks to pass on, empty when it has no file of it. */
  readonly text: string;
}

const LICENSE_FILE = /^licen[cs]e(\.\w+)?$/i;
const NOTICE_FILE = /^notice(\.\w+)?$/i;

/**
 * The file NOTICE: which packages the bundles hold, and the license of each, as most licenses ask whoever passes them
 * on. `root` is the folder that the metafiles' paths start from.
 */
export async function wordNotice(metafiles: readonly Metafile[], root: string): Promise<string> {
  const folders = new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs).flatMap(packageFolder)));
  const packages = await Promise.all([...folders].sort().map((folder) => readPackage(join(root, folder))));
  const titlesByText = new Map<string, string[]>();
  for (const { title, license, text } of packages) {
    const key = `License: ${license}\n\n${text}`.trimEnd();
    titlesByText.set(key, [...(titlesByText.get(key) ?? []), title]);
  }
  const sections = [...titlesByText].map(([text, titles]) => `${titles.join('\n')}\n\n${text}`);
  const head =
    'Orchestrated Bedrock Pipeline\n\nIts bundles hold code of these packages. "npm run build" writes this file.';
  return `${[head, ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** `node_modules/a/node_modules/@b/c/index.js` lies in `node_modules/a/node_modules/@b/c`. */
function packageFolder(path: string): string[] {
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
  return folder === undefined ? [] : [folder];
}

async function readPackage(folder: string): Promise<BundledPackage> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  // The Apache License asks for its text once, and for each package's NOTICE.
  const isWanted = license === 'Apache-2.0' ? NOTICE_FILE : LICENSE_FILE;
  const file = (await readdir(folder)).find((entry) => isWanted.test(entry));
  const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
  return { title: `${name}@${version}`, license, text: text.replaceAll('\r\n', '\n').trim() };
}
