import { applyMode, Mode } from '@cloudscape-design/global-styles';

const KEY = 'theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function isDark(): boolean {
  const chosen = localStorage.getItem(KEY);
  return chosen ? chosen === 'dark' : system.matches;
}

/** Shows the theme that was chosen, or else the system's, as it changes. */
export function applyTheme(): void {
  applyMode(isDark() ? Mode.Dark : Mode.Light);
}

system.addEventListener('change', applyTheme);

export function toggleTheme(): void {
  localStorage.setItem(KEY, isDark() ? 'light' : 'dark');
  applyTheme();
}
