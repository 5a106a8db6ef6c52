/** Switches between light, dark and the system's choice. */
import { useState } from 'react';
import { icons } from '../parts/icons.tsx';
import { chooseTheme, chosenTheme, themes } from './theme.ts';

const signs = { system: icons.half, light: icons.sun, dark: icons.moon } as const;

/** The button. */
export function ThemeButton() {
  const [theme, setTheme] = useState(chosenTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  return (
    <button
      type="button"
      className="quiet"
      aria-label={`Colours: ${theme}. Change to ${next}`}
      title={`Colours: ${theme}`}
      onClick={() => {
        chooseTheme(next);
        setTheme(next);
      }}
    >
      {signs[theme]}
    </button>
  );
}
