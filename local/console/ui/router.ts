import { useCallback, useSyncExternalStore } from 'react';

/** A page of the console, told by its address. */
export type Route =
  | { readonly page: 'machines' }
  | { readonly page: 'machine' | 'execution' | 'mapRun'; readonly arn: string }
  | { readonly page: 'dashboard' }
  | { readonly page: 'unknown' };

const WITH_ARN: Readonly<Record<string, 'machine' | 'execution' | 'mapRun'>> = {
  'state-machines': 'machine',
  executions: 'execution',
  'map-runs': 'mapRun',
};

export function readRoute(pathname: string): Route {
  const [, folder = '', arn] = pathname.split('/');
  if (folder === '') return { page: 'machines' };
  if (folder === 'dashboard') return { page: 'dashboard' };
  const page = Object.hasOwn(WITH_ARN, folder) ? WITH_ARN[folder] : undefined;
  const decoded = arn && decode(arn);
  return page && decoded ? { page, arn: decoded } : { page: 'unknown' };
}

/** Undefined for what no address of the console is, such as `%zz`. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export const paths = {
  machines: '/',
  dashboard: '/dashboard',
  machine: (arn: string, query: Query = {}): string => `/state-machines/${encodeURIComponent(arn)}${toQuery(query)}`,
  execution: (arn: string, query: Query = {}): string => `/executions/${encodeURIComponent(arn)}${toQuery(query)}`,
  mapRun: (arn: string, query: Query = {}): string => `/map-runs/${encodeURIComponent(arn)}${toQuery(query)}`,
};

type Query = Readonly<Record<string, string | undefined>>;

function toQuery(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};
addEventListener('popstate', tell);

/** Goes to an address of the console; `replace` leaves no trace in the browser's history. */
export function navigate(href: string, { replace = false } = {}): void {
  if (href === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  tell();
}

/** The address as it is now. */
export function useAddress(): URL {
  const href = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.href,
  );
  return new URL(href);
}

/** A parameter of the address, and how to set it; unset is undefined. */
export function useParameter(name: string): [string | undefined, (value: string | undefined) => void] {
  const value = useAddress().searchParams.get(name) ?? undefined;
  const set = useCallback((next: string | undefined) => setParameters({ [name]: next }), [name]);
  return [value, set];
}

/** Sets parameters of the address, several at once. */
export function setParameters(changes: Query): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  navigate(url.pathname + url.search, { replace: true });
}

/** Follows a link within the page; the components leave a click that asks for a new tab to the browser. */
export function follow(event: CustomEvent<{ href?: string | undefined; external?: boolean | undefined }>): void {
  const { href, external } = event.detail;
  if (!href || external) return;
  event.preventDefault();
  navigate(href);
}
