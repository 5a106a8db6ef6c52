/** The colours as a key: another one whenever what is drawn by hand must be drawn anew. */
import { useEffect, useState } from 'react';

/** `light` or `dark`, as the page is shown now. */
export function useTheme(): 'light' | 'dark' {
  const [theme, setTheme] = useState(shownTheme);
  useEffect(() => {
    const look = () => setTheme(shownTheme());
    const chosen = new MutationObserver(look);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', look);
    return () => {
      chosen.disconnect();
      system.removeEventListener('change', look);
    };
  }, []);
  return theme;
}

/** What the page is shown in now. */
export function shownTheme(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
