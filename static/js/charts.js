// Draws the charts of a page from their data blocks; without it their tables still stand there.
(() => {
  "use strict";
  const COLOURS = ["#1d5bbf", "#b86e00", "#1a7f37", "#7b4bb3", "#0b7c8c", "#a3325a", "#646a73"];
  const FONT = getComputedStyle(document.body).fontFamily;
  const drawn = [];

  function figure(value) {
    return value === null || value === undefined ? "" : Number(value).toLocaleString("zh-CN");
  }

  function series(data, lying) {
    const stacked = data.kind === "stacked";
    return data.series.map((one, index) => ({
      name: one.name,
      type: data.kind === "lines" ? "line" : "bar",
      stack: stacked ? "all" : undefined,
      barMaxWidth: 28,
      symbolSize: 8,
      itemStyle: { color: COLOURS[index % COLOURS.length] },
      data: one.values,
      label: {
        show: data.series.length <= 2 && !stacked,
        position: lying ? "right" : "top",
        color: "#1f2329",
        formatter: (point) => one.texts[point.dataIndex] || "",
      },
    }));
  }

  function option(data) {
    const lying = data.kind === "bars";
    const names = {
      type: "category",
      data: data.categories,
      inverse: lying,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: "#dee0e3" } },
      axisLabel: { color: "#1f2329", interval: 0, width: lying ? 120 : 72, overflow: lying ? "truncate" : "break" },
    };
    const values = {
      type: "value",
      splitLine: { lineStyle: { color: "#eceef0" } },
      axisLabel: { color: "#646a73", formatter: figure },
    };
    return {
      animation: false,
      textStyle: { fontFamily: FONT },
      grid: { left: 8, right: lying ? 64 : 16, top: data.series.length > 1 ? 36 : 20, bottom: 4, containLabel: true },
      legend: { show: data.series.length > 1, top: 0, right: 0, itemWidth: 12, itemHeight: 12 },
      tooltip: {
        trigger: "item",
        renderMode: "richText",
        formatter: (point) => {
          const one = data.series[point.seriesIndex];
          return `${point.name}${data.series.length > 1 ? ` · ${one.name}` : ""}\n${one.texts[point.dataIndex]}`;
        },
      },
      xAxis: lying ? values : names,
      yAxis: lying ? names : values,
      series: series(data, lying),
    };
  }

  function draw(place) {
    const block = document.getElementById(place.dataset.chart);
    if (!block || !window.echarts) return;
    const data = JSON.parse(block.textContent);
    const narrow = place.clientWidth < 420 && data.categories.length > 4;
    if (narrow && data.kind === "columns" && data.series.length === 1) data.kind = "bars";
    if (data.kind === "bars") {
      const rows = data.categories.length * data.series.length;
      place.style.height = `${Math.max(120, rows * 30 + 48)}px`;
    }
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(option(data));
    chart.on("click", (point) => {
      const url = data.series[point.seriesIndex].urls[point.dataIndex];
      if (url) window.location.assign(url);
    });
    drawn.push(chart);
  }

  document.querySelectorAll("[data-chart]").forEach(draw);
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
})();
