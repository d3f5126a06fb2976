import type { ConsoleSettings } from '../settings.ts';

/** What the server put into the page. */
export const settings = JSON.parse(document.getElementById('settings')?.textContent ?? '{}') as ConsoleSettings;
