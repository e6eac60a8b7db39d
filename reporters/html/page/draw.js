// draws the charts into their places, and keeps them there

/** @type {Map<string, Drawn>} by the id of their place */
const drawn = new Map()

/** @param {Chart} chart */
const shapeOf = (chart) =>
  chart.kind === 'heat' ? 'heat' : `${chart.kind} ${chart.series.map(({ label }) => label).join('\n')}`

/** @param {Element} place */
function sizeOf(place) {
  const width = Math.max(200, Math.floor(place.clientWidth))
  const isSmall = place.closest('.small') !== null
  const isMedium = place.closest('.medium') !== null
  const height = isSmall ? 150 : isMedium ? 220 : Math.min(320, Math.max(220, width * 0.42))
  return { width, height: Math.round(height) }
}

/** @param {Record<string, Chart>} charts */
function drawAll(charts) {
  for (const [id, { plot }] of drawn)
    if (charts[id] === undefined || !document.body.contains(plot.root)) {
      plot.destroy()
      drawn.delete(id)
    }
  for (const [id, chart] of Object.entries(charts)) {
    const place = document.getElementById(id)
    if (place !== null) drawOne(place, chart)
  }
}

/** @param {HTMLElement} place @param {Chart} chart */
function drawOne(place, chart) {
  const known = drawn.get(place.id)
  if (known !== undefined && shapeOf(known.chart) === shapeOf(chart)) {
    known.chart = chart
    known.plot.setData(chart.kind === 'heat' ? heatData(chart) : lineData(chart))
    return
  }
  known?.plot.destroy()
  /** @type {{ chart: Chart }} */
  const own = { chart }
  const options =
    chart.kind === 'heat'
      ? heatOptions(() => /** @type {HeatChart} */ (own.chart))
      : lineOptions(() => /** @type {LineChart} */ (own.chart))
  const plot = new uPlot(
    { ...options, ...sizeOf(place) },
    chart.kind === 'heat' ? heatData(chart) : lineData(chart),
    place,
  )
  drawn.set(place.id, Object.assign(own, { plot }))
  drawLegend(place, chart, plot)
}

/** Buttons that show and hide lines: for a mouse, a finger, a keyboard and a screen reader alike. @param {HTMLElement} place @param {Chart} chart @param {UPlot} plot */
function drawLegend(place, chart, plot) {
  const legend = document.getElementById(`${place.id}-legend`)
  if (legend === null) return
  if (chart.kind === 'heat') {
    const scale = document.createElement('span')
    scale.className = 'heat-scale'
    scale.append(
      'few',
      ...Array.from({ length: 5 }, (_, at) =>
        Object.assign(document.createElement('i'), { className: `heat-${at}` }),
      ),
      'many requests',
    )
    legend.replaceChildren(scale)
    return
  }
  legend.replaceChildren(
    ...chart.series.map(({ label, color, dash }, at) => {
      const button = document.createElement('button')
      button.type = 'button'
      button.setAttribute('aria-pressed', 'true')
      const mark = document.createElement('i')
      mark.className = `mark line-${color % 8}${dash === undefined ? '' : ' dashed'}`
      button.append(mark, label)
      button.addEventListener('click', () => {
        const isShown = button.getAttribute('aria-pressed') !== 'true'
        button.setAttribute('aria-pressed', String(isShown))
        plot.setSeries(at + 1, { show: isShown })
      })
      return button
    }),
  )
}

/** In the colours and the sizes of now. */
function redrawAll() {
  for (const [id, { plot }] of drawn) {
    const place = document.getElementById(id)
    if (place === null) continue
    const { width, height } = sizeOf(place)
    if (width === plot.width && height === plot.height) plot.redraw(false, true)
    else plot.setSize({ width, height })
  }
}
