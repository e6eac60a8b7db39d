// lines over time, and percentiles

/** @param {LineChart} chart */
function lineData(chart) {
  return /** @type {import('uplot').AlignedData} */ ([
    [...chart.x],
    ...chart.series.map(({ values }) => [...values]),
  ])
}

/**
 * @param {() => LineChart} chartNow it changes while a run goes on
 * @returns {import('uplot').Options}
 */
function lineOptions(chartNow) {
  const { kind, unit, isLog, group, series } = chartNow()
  const isTime = kind === 'time'
  return {
    width: 300,
    height: 200,
    legend: { show: false },
    cursor: {
      ...(isTime && { sync: { key: group, setSeries: false, scales: ['x', null] } }),
      drag: { x: isTime, y: false },
      points: { size: 7 },
    },
    scales: {
      x: { time: false, range: (plot, low, high) => spanOr(plot, chartNow().span, low, high) },
      y: {
        distr: isLog ? 3 : 1,
        range: (_plot, low, high) => (isLog ? logRange(low, high) : linearRange(high)),
      },
    },
    axes: [
      {
        ...axis('x', (values) => values.map(isTime ? momentText : percentileText)),
        ...(!isTime && { splits: percentileSplits }),
      },
      isLog ? logAxis(unit) : axis('y', (values) => values.map((value) => valueText(value, unit))),
    ],
    series: [
      {},
      ...series.map(({ label, color, dash, filled }) => ({
        label,
        width: 2,
        spanGaps: false,
        stroke: () => lineColor(color),
        ...(dash && { dash: [...dash] }),
        ...(filled && { fill: () => faded(lineColor(color), 0.12) }),
        points: { show: (/** @type {UPlot} */ plot) => (plot.data[0]?.length ?? 0) < 3 },
      })),
    ],
    hooks: {
      drawClear: [
        (plot) => {
          shadeWarmup(plot, chartNow().warmupEnd)
          shadeDisturbed(plot, chartNow().disturbed)
        },
      ],
    },
    plugins: [
      tooltip((plot, at) => {
        const chart = chartNow()
        const x = chart.x[at] ?? 0
        const shown = chart.series.map(
          ({ label, color, values }, index) =>
            /** @type {const} */ ([plot.series[index + 1]?.show, label, values[at], lineColor(color)]),
        )
        return [
          [isTime ? 'at' : 'percentile', isTime ? momentText(x) : percentileText(x)],
          ...shown
            .filter(([isShown, , value]) => isShown && value !== null)
            .map(([, label, value, color]) => /** @type {const} */ ([label, valueText(value, unit), color])),
        ]
      }),
    ],
  }
}
