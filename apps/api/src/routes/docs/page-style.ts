/** The style of the page at `/docs`. Follows the light or dark scheme of the reader's system. */
export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --line: light-dark(#ccd, #445);
  --quiet: light-dark(#556, #aab);
  --back: light-dark(#f6f7fa, #1c1e26);
}
body {
  margin: 0;
  display: grid;
  grid-template-columns: minmax(16rem, 22rem) minmax(0, 60rem);
  font: 1rem/1.5 system-ui, sans-serif;
}
nav {
  position: sticky;
  top: 0;
  height: 100vh;
  overflow-y: auto;
  box-sizing: border-box;
  padding: 1rem 1.5rem;
  background: var(--back);
  border-right: 1px solid var(--line);
  font-size: 0.85rem;
}
nav h2 { font-size: 0.85rem; margin: 1rem 0 0.25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { color: inherit; overflow-wrap: anywhere; }
main { padding: 1rem 2rem 4rem; }
section { border-top: 1px solid var(--line); padding: 0.5rem 0 1rem; scroll-margin-top: 1rem; }
section:target > h3 { outline: 2px solid; outline-offset: 4px; }
h3 b { color: var(--quiet); font-size: 0.85em; letter-spacing: 0.04em; }
h4 { margin: 0.75rem 0 0.25rem; color: var(--quiet); }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid var(--line); font-weight: normal; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
@media (max-width: 50rem) {
  body { grid-template-columns: minmax(0, 1fr); }
  nav { position: static; height: auto; }
}
`;
