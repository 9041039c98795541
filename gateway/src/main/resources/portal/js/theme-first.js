// Before anything is painted, so that a chosen theme does not flash: modules run only after the first paint.
(() => {
  const theme = localStorage.getItem("tallygate.theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
})();
