/** Light or dark: the system's choice until somebody switches. */
import { useEffect, useState } from 'preact/hooks';

export interface Theme { readonly dark: boolean; readonly toggle: () => void }

export function useTheme(): Theme {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const [chosen, setChosen] = useState(localStorage.getItem('theme'));
  const [systemDark, setSystemDark] = useState(system.matches);
  useEffect(() => {
    const read = (event: MediaQueryListEvent): void => setSystemDark(event.matches);
    system.addEventListener('change', read);
    return () => system.removeEventListener('change', read);
  }, []);
  const dark = chosen === null ? systemDark : chosen === 'dark';
  // Before the children draw: charts read their colours from the style sheet.
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  const toggle = (): void => {
    const next = dark ? 'light' : 'dark';
    localStorage.setItem('theme', next);
    setChosen(next);
  };
  return { dark, toggle };
}
