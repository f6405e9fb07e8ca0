// The colours, before anything is drawn: what was chosen here, else what the system prefers.
// A classic script, so that it runs before the first paint.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => {
    try { return localStorage.getItem('skerry.theme'); } catch { return null; }
  };
  const apply = () => {
    const wish = stored();
    const theme = wish === 'light' || wish === 'dark' ? wish : dark.matches ? 'dark' : 'light';
    document.documentElement.dataset.theme = theme;
  };
  dark.addEventListener('change', apply);
  document.addEventListener('skerry-theme', apply);
  apply();
})();
