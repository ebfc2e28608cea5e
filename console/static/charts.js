// Draws what a page says in data-chart; the same numbers stand in a table beside it.
(() => {
  "use strict";
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (const place of document.querySelectorAll("[data-chart]")) {
    place.classList.add("drawn");
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption({ ...JSON.parse(place.dataset.chart), animation: !calm });
    new ResizeObserver(() => chart.resize()).observe(place);
  }
})();
