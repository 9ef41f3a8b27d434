// What MathJax may do on the site: draw. No menu, no speech service, no font from elsewhere; each
// formula bears its own text as a label, for those who hear the page.
window.MathJax = {
  loader: { paths: { fonts: "[mathjax]/fonts" } },
  options: {
    enableMenu: false,
    menuOptions: { settings: { enrich: false, speech: false, braille: false } },
    processHtmlClass: "math",
  },
  svg: { fontCache: "local" },
  startup: {
    pageReady() {
      return MathJax.startup.defaultPageReady().then(() => {
        for (const item of MathJax.startup.document.math) {
          item.typesetRoot.setAttribute("role", "img");
          item.typesetRoot.setAttribute("aria-label", item.math);
          for (const drawn of item.typesetRoot.querySelectorAll("svg")) {
            drawn.removeAttribute("role");
            drawn.setAttribute("aria-hidden", "true");
          }
        }
      });
    },
  },
};
