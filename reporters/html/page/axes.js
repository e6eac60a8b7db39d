// what all charts have in common

const chartFont = '12px system-ui, -apple-system, "Segoe UI", sans-serif'

/**
 * @param {'x' | 'y'} scale
 * @param {(values: number[]) => (string | null)[]} texts
 * @returns {import('uplot').Axis}
 */
function axis(scale, texts) {
  return {
    scale,
    font: chartFont,
    stroke: () => colorOf('quiet'),
    grid: { stroke: () => colorOf('grid'), width: 1 },
    ticks: { show: false },
    ...(scale === 'y' ? { size: 62, gap: 6 } : { size: 30, gap: 4, space: 70 }),
    values: (_plot, values) => texts(values),
  }
}

/** Of a log scale only the powers of ten, and where there are few, 2 and 5 between them. @param {UPlot} _plot @param {number[]} values */
function fewSplits(_plot, values) {
  const decades = values.length === 0 ? 0 : Math.log10(Math.max(...values) / Math.min(...values))
  const wanted = decades > 2.5 ? [1] : [1, 2, 5]
  return values.map((value) => {
    const lead = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9))
    return wanted.includes(lead) ? value : null
  })
}

/** @param {Unit} unit */
function logAxis(unit) {
  const plain = axis('y', (values) => values.map((value) => (value === null ? null : valueText(value, unit))))
  return { ...plain, filter: fewSplits, grid: { ...plain.grid, filter: fewSplits } }
}

/** Percentiles that have a name, where there is room for them. @param {UPlot} plot */
function percentileSplits(plot) {
  const most = plot.scales['x']?.max ?? 1
  const decadePx = plot.over.clientWidth / most
  const step = Math.max(1, Math.ceil(60 / decadePx))
  const whole = [...Array(Math.floor(most) + 1).keys()].filter((at) => at % step === 0)
  const between = [...(decadePx > 120 ? [Math.log10(2)] : []), ...(decadePx > 220 ? [Math.log10(4)] : [])]
  return [...whole, ...between].toSorted((a, b) => a - b)
}

/** All there is, unless a part of it was chosen. @param {UPlot} plot @param {readonly [number, number]} span @param {number | null} low @param {number | null} high */
function spanOr(plot, [from, to], low, high) {
  const x = plot.data[0]
  const isWhole = low === null || high === null || (low <= (x[0] ?? low) && high >= (x.at(-1) ?? high))
  return /** @type {[number, number]} */ (isWhole ? [from, to > from ? to : from + 1] : [low, high])
}

/** A log scale around the values, with room above and below. @param {number | null} least @param {number | null} most */
function logRange(least, most) {
  if (least === null || most === null || !(least > 0)) return /** @type {[number, number]} */ ([1, 10])
  const steps = [1, 2, 5, 10]
  const below = 10 ** Math.floor(Math.log10(least))
  const above = 10 ** Math.floor(Math.log10(most))
  const low = below * (steps.findLast((step) => step * below <= least * 1.001) ?? 1)
  const high = above * (steps.find((step) => step * above >= most * 0.999) ?? 10)
  return /** @type {[number, number]} */ (high > low ? [low, high] : [low, low * 10])
}

/** A linear scale from zero. @param {number | null} most */
function linearRange(most) {
  return /** @type {[number, number]} */ ([0, most === null || most <= 0 ? 1 : most * 1.08])
}

/** Shades what is not counted. @param {UPlot} plot @param {number | undefined} warmupEnd */
function shadeWarmup(plot, warmupEnd) {
  if (warmupEnd === undefined) return
  const { ctx, bbox } = plot
  const right = Math.min(plot.valToPos(warmupEnd, 'x', true), bbox.left + bbox.width)
  if (right <= bbox.left) return
  ctx.save()
  ctx.fillStyle = colorOf('shade')
  ctx.fillRect(bbox.left, bbox.top, right - bbox.left, bbox.height)
  ctx.fillStyle = colorOf('quiet')
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
  ctx.textBaseline = 'top'
  const label = 'warm-up'
  if (ctx.measureText(label).width + 10 * devicePixelRatio < right - bbox.left)
    ctx.fillText(label, bbox.left + 5 * devicePixelRatio, bbox.top + 4 * devicePixelRatio)
  ctx.restore()
}

/** Marks where the measurement was disturbed. @param {UPlot} plot @param {LineChart['disturbed']} windows */
function shadeDisturbed(plot, windows = []) {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.fillStyle = faded(colorOf('doubtful'), 0.18)
  for (const [from, to] of windows) {
    const left = Math.max(plot.valToPos(from, 'x', true), bbox.left)
    const right = Math.min(plot.valToPos(to, 'x', true), bbox.left + bbox.width)
    // a moment is seen as well
    if (right >= left) ctx.fillRect(left, bbox.top, Math.max(right - left, devicePixelRatio), bbox.height)
  }
  ctx.restore()
}

/**
 * Says what is under the cursor.
 * @param {(plot: UPlot, at: number) => readonly (readonly [label: string, value: string, color?: string])[]} linesAt
 * @returns {import('uplot').Plugin}
 */
function tooltip(linesAt) {
  const box = document.createElement('div')
  box.className = 'tooltip'
  box.hidden = true
  return {
    hooks: {
      init: (plot) => {
        plot.over.append(box)
      },
      setCursor: (plot) => {
        const { idx, left = -1, top = 0 } = plot.cursor
        const isOver = plot.over.matches(':hover')
        box.hidden = idx === null || idx === undefined || left < 0 || !isOver
        if (box.hidden || idx === null || idx === undefined) return
        box.replaceChildren(
          ...linesAt(plot, idx).map(([label, value, color]) => {
            const row = document.createElement('div')
            const mark = document.createElement('i')
            if (color !== undefined) mark.style.background = color
            const name = document.createElement('span')
            name.textContent = label
            const text = document.createElement('b')
            text.textContent = value
            if (color !== undefined) row.append(mark)
            row.append(name, text)
            return row
          }),
        )
        const { offsetWidth, offsetHeight } = box
        const isRight = left + offsetWidth + 24 > plot.over.clientWidth
        box.style.left = `${isRight ? Math.max(0, left - offsetWidth - 12) : left + 12}px`
        box.style.top = `${Math.max(0, Math.min(top - offsetHeight / 2, plot.over.clientHeight - offsetHeight))}px`
      },
    },
  }
}
