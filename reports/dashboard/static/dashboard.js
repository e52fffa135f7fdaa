// Charts, and what a page says while htmx loads. Pages work without this file.
(() => {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const data = (box) => JSON.parse(document.getElementById(box.dataset.source).textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const frame = () => ({
    animation: !still.matches,
    textStyle: { fontFamily: "system-ui, sans-serif" },
    tooltip: { renderMode: "richText", backgroundColor: colour("--surface"), borderColor: colour("--line"), textStyle: { color: colour("--ink") } },
  });
  const axis = (more) => ({
    axisLabel: { color: colour("--quiet"), hideOverlap: true },
    axisLine: { lineStyle: { color: colour("--line") } },
    splitLine: { lineStyle: { color: colour("--line") } },
    nameTextStyle: { color: colour("--quiet") },
    ...more,
  });
  const kinds = {
    days(rows) {
      const base = frame();
      return {
        ...base,
        tooltip: { ...base.tooltip, trigger: "axis" },
        grid: { left: 8, right: 16, top: 16, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
        xAxis: axis({ type: "time", splitLine: { show: false } }),
        yAxis: axis({ type: "value", axisLabel: { color: colour("--quiet"), formatter: (v) => (v >= 1000 ? v / 1000 + "k" : v) } }),
        series: [{
          name: "Active students", type: "line", showSymbol: false, data: rows.map((r) => [r[0], r[1]]),
          lineStyle: { color: colour("--accent"), width: 2 }, itemStyle: { color: colour("--accent") },
          areaStyle: { color: colour("--accent"), opacity: 0.12 },
        }],
      };
    },
    questions(rows) {
      const base = frame();
      const low = Math.min(...rows.map((r) => r[1]));
      const high = Math.max(...rows.map((r) => r[1]));
      const series = (name, tone, keep) => ({
        name, type: "scatter", symbolSize: 7, data: rows.filter(keep), itemStyle: { color: colour(tone), opacity: 0.55 },
      });
      return {
        ...base,
        legend: { top: 0, textStyle: { color: colour("--quiet") } },
        tooltip: { ...base.tooltip, formatter: (p) => `${Math.round(p.value[0] * 100)} % right, r ${p.value[1].toFixed(2)}` },
        grid: { left: 24, right: 20, top: 36, bottom: 28, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
        xAxis: axis({ type: "value", min: 0, max: 1, name: "Share right", nameLocation: "middle", nameGap: 28, axisLabel: { color: colour("--quiet"), formatter: (v) => Math.round(v * 100) + " %" } }),
        yAxis: axis({ type: "value", min: Math.max(-1, Math.floor(low * 10 - 0.5) / 10), max: Math.min(1, Math.ceil(high * 10 + 0.5) / 10), name: "Item-rest correlation", nameLocation: "middle", nameGap: 36 }),
        series: [series("Key holds", "--accent", (r) => !r[2]), series("Key suspect", "--bad", (r) => r[2])],
      };
    },
  };
  const draw = (box) => {
    if (!window.echarts) return;
    const old = window.echarts.getInstanceByDom(box);
    if (old) old.dispose();
    const rows = data(box);
    if (!rows.length) return;
    const chart = window.echarts.init(box, null, { renderer: "canvas" });
    chart.setOption(kinds[box.dataset.chart](rows));
    chart.on("click", (p) => {
      if (box.dataset.open && p.value && p.value[3]) location.assign(box.dataset.open + "/" + encodeURIComponent(p.value[3]));
    });
  };
  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", () => {
    drawAll();
    const current = document.querySelector(".bar nav [aria-current]");
    if (current) current.parentElement.scrollLeft = current.offsetLeft - current.parentElement.offsetLeft - 24;
    document.querySelectorAll(".only-without-script").forEach((node) => node.remove());
  });
  dark.addEventListener("change", drawAll);
  addEventListener("resize", () => {
    document.querySelectorAll("[data-chart]").forEach((box) => {
      const chart = window.echarts && window.echarts.getInstanceByDom(box);
      if (chart) chart.resize();
    });
  });
  const trouble = (text) => {
    const box = document.getElementById("trouble");
    if (box) { box.textContent = text; box.hidden = !text; }
  };
  document.addEventListener("htmx:configRequest", (event) => {
    const given = event.detail.parameters;
    for (const name of Object.keys(given)) if (given[name] === "") delete given[name];
  });
  document.addEventListener("htmx:beforeRequest", () => trouble(""));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    trouble(status === 400 ? "A filter holds a value that cannot be used." : `The page could not be read (${status}). What is shown may not fit the filters.`);
  });
  document.addEventListener("htmx:sendError", () => trouble("The server cannot be reached. What is shown may not fit the filters."));
  document.addEventListener("htmx:timeout", () => trouble("The server did not answer in time."));
  document.addEventListener("htmx:afterSettle", drawAll);
})();
