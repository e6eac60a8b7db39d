// how many requests took how long, over time

/** @param {HeatChart} chart @param {number} row */
const rowBegin = (chart, row) => 10 ** (row / chart.rowsPerDecade)

/** @param {HeatChart} chart */
function rowsOf(chart) {
  let [lowest, highest, most] = [Infinity, -Infinity, 1]
  for (const column of chart.columns)
    for (let at = 0; at < column.length; at += 2) {
      lowest = Math.min(lowest, column[at] ?? Infinity)
      highest = Math.max(highest, column[at] ?? -Infinity)
      most = Math.max(most, column[at + 1] ?? 0)
    }
  return { lowest, highest, most }
}

/** The middle of every column; its values are the rows' bounds, so that scales fit. @param {HeatChart} chart */
function heatData(chart) {
  const { lowest, highest } = rowsOf(chart)
  const x = chart.columns.map((_, at) => ((chart.edges[at] ?? 0) + (chart.edges[at + 1] ?? 0)) / 2)
  return /** @type {import('uplot').AlignedData} */ ([
    x,
    x.map(() => rowBegin(chart, lowest)),
    x.map(() => rowBegin(chart, highest + 1)),
  ])
}

/** @param {UPlot} plot @param {HeatChart} chart */
function drawHeat(plot, chart) {
  const { ctx, bbox } = plot
  const { most } = rowsOf(chart)
  const colors = Array.from({ length: 5 }, (_, at) => colorOf(`heat-${at}`))
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  chart.columns.forEach((column, at) => {
    const left = Math.round(plot.valToPos(chart.edges[at] ?? 0, 'x', true))
    const right = Math.round(plot.valToPos(chart.edges[at + 1] ?? 0, 'x', true))
    for (let index = 0; index < column.length; index += 2) {
      const [row = 0, count = 0] = [column[index], column[index + 1]]
      const bottom = Math.round(plot.valToPos(rowBegin(chart, row), 'y', true))
      const top = Math.round(plot.valToPos(rowBegin(chart, row + 1), 'y', true))
      // rare requests matter most, and must be seen
      const heat = Math.log(1 + count) / Math.log(1 + most)
      ctx.fillStyle = colors[Math.min(4, Math.floor(heat * 5))] ?? ''
      ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top))
    }
  })
  ctx.restore()
}

/**
 * @param {() => HeatChart} chartNow
 * @returns {import('uplot').Options}
 */
function heatOptions(chartNow) {
  return {
    width: 300,
    height: 200,
    legend: { show: false },
    cursor: {
      sync: { key: chartNow().group, setSeries: false },
      points: { show: false },
      drag: { x: true, y: false },
    },
    scales: {
      x: {
        time: false,
        range: (plot, low, high) => {
          const { edges } = chartNow()
          return spanOr(plot, [edges[0] ?? 0, edges.at(-1) ?? 1], low, high)
        },
      },
      y: { distr: 3, range: (_plot, low, high) => logRange(low, high) },
    },
    axes: [axis('x', (values) => values.map(momentText)), logAxis('ns')],
    series: [
      {},
      { show: true, stroke: 'transparent', points: { show: false } },
      { show: true, stroke: 'transparent', points: { show: false } },
    ],
    hooks: {
      drawClear: [(plot) => shadeWarmup(plot, chartNow().warmupEnd)],
      draw: [(plot) => drawHeat(plot, chartNow())],
    },
    plugins: [
      tooltip((plot, at) => {
        const chart = chartNow()
        const column = chart.columns[at] ?? []
        const under = plot.posToVal(plot.cursor.top ?? 0, 'y')
        const row = Math.floor(Math.log10(Math.max(1, under)) * chart.rowsPerDecade)
        let count = 0
        for (let index = 0; index < column.length; index += 2)
          if (column[index] === row) count = column[index + 1] ?? 0
        return [
          ['at', momentText(((chart.edges[at] ?? 0) + (chart.edges[at + 1] ?? 0)) / 2)],
          [
            'took',
            `${valueText(rowBegin(chart, row), 'ns')} to ${valueText(rowBegin(chart, row + 1), 'ns')}`,
          ],
          ['requests', String(count)],
        ]
      }),
    ],
  }
}
