/** Light, dark, or as the system has it. */

/** The choices, in the order they follow each other. */
export const themes = ['system', 'light', 'dark'] as const;
/** A choice. */
export type Theme = (typeof themes)[number];

const key = 'logboard-theme';

/** The choice of this browser. */
export function chosenTheme(): Theme {
  const stored = localStorage.getItem(key);
  return themes.find((theme) => theme === stored) ?? 'system';
}

/** Remembers a choice and shows it. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  applyTheme();
}

/** Shows the choice of this browser. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = chosenTheme();
}
