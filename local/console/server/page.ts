import type { ConsoleSettings } from '../settings.ts';
import type { Bundle } from './bundle-cache.ts';

/** The one page of the console, whatever its address. */
export function renderPage({ script, preloads, stylesheet }: Bundle, settings: ConsoleSettings): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Step Functions</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<link rel="stylesheet" href="/assets/${stylesheet}">
${preloads.map((name) => `<link rel="modulepreload" href="/assets/${name}">\n`).join('')}<script type="module" src="/assets/${script}"></script>
<script type="application/json" id="settings">${toScriptText(settings)}</script>
</head>
<body>
<div id="root"></div>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect x="5" y="1" width="6" height="4" rx="1" fill="#c2185b"/><path d="M8 5v2M4 11V9q0-2 2-2h4q2 0 2 2v2" fill="none" stroke="#c2185b" stroke-width="1.5"/><rect x="1" y="11" width="6" height="4" rx="1" fill="#c2185b"/><rect x="9" y="11" width="6" height="4" rx="1" fill="#c2185b"/></svg>`;

/** JSON that ends no script element, whatever it holds. */
function toScriptText(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
