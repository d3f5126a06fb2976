import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Service } from '../../server/router.ts';
import type { ConsoleSettings } from '../settings.ts';
import { bundleConsole } from './bundle.ts';
import type { Asset, Bundle } from './bundle-cache.ts';
import { chooseEncoding, compress, type Encoding } from './compression.ts';
import { renderPage } from './page.ts';

/** Nothing leaves the machine. The components set styles on elements; their fonts, and pictures of graphs, are data. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

const PAGES = /^\/($|executions\/|state-machines\/|map-runs\/|dashboard$)/;
const ASSETS = '/assets/';

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** The web console: a page at each of its addresses, and the files that the page loads. */
export function createConsole(settings: ConsoleSettings): Service {
  let bundled: Promise<Bundle> | undefined;
  const compressed = new Map<string, Promise<Buffer>>();
  const bundle = (): Promise<Bundle> => {
    bundled ??= bundleConsole().catch((error: unknown) => {
      bundled = undefined;
      throw error;
    });
    return bundled;
  };
  const encode = (asset: Asset, encoding: Encoding): Promise<Buffer> => {
    const key = `${encoding} ${asset.name}`;
    const known = compressed.get(key) ?? compress(asset.contents, encoding);
    compressed.set(key, known);
    return known;
  };
  const sendAsset = async (request: IncomingMessage, response: ServerResponse, name: string): Promise<void> => {
    const asset = (await bundle()).assets.find((candidate) => candidate.name === name);
    if (!asset) return sendText(response, 404, `There is no ${name}\n`);
    const encoding = chooseEncoding(request.headers['accept-encoding']);
    const body = encoding ? await encode(asset, encoding) : asset.contents;
    response.writeHead(200, {
      ...SECURITY_HEADERS,
      'content-type': TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      'content-length': body.byteLength,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      ...(encoding && { 'content-encoding': encoding }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  return {
    takes: isForBrowser,
    async answer(request, response) {
      const path = pathOf(request);
      try {
        if (path.startsWith(ASSETS)) return await sendAsset(request, response, path.slice(ASSETS.length));
        const page = renderPage(await bundle(), settings);
        response.writeHead(200, {
          ...SECURITY_HEADERS,
          'content-type': 'text/html; charset=utf-8',
          'content-length': Buffer.byteLength(page),
          'cache-control': 'no-cache',
        });
        response.end(request.method === 'HEAD' ? undefined : page);
      } catch (error) {
        sendText(response, 500, `The console cannot be bundled: ${(error as Error).message}\n`);
      }
    },
  };
}

/** A request that no API client makes: those sign, and name their action. */
function isForBrowser(request: IncomingMessage): boolean {
  const { method = '', headers, url = '' } = request;
  if (method !== 'GET' && method !== 'HEAD') return false;
  const isSigned = headers.authorization !== undefined || /[?&]x-amz-/i.test(url);
  if (isSigned || Object.keys(headers).some((name) => name.startsWith('x-amz-'))) return false;
  const path = pathOf(request);
  return PAGES.test(path) || path.startsWith(ASSETS);
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/, '');
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
