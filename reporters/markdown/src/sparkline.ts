const levels = '▁▂▃▄▅▆▇█'

/** Values over time as blocks, from 0 to the highest; a space where there is none. */
export function sparkline(values: readonly number[]): string {
  const finite = values.filter((value) => Number.isFinite(value))
  const highest = Math.max(0, ...finite)
  return values
    .map((value) => {
      if (Number.isNaN(value)) return ' '
      const share = highest > 0 ? Math.min(value, highest) / highest : 0
      return levels[Math.min(levels.length - 1, Math.floor(share * levels.length))]!
    })
    .join('')
}
