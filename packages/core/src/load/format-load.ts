import type { Load } from '../plugin/model.ts'
import { formatDuration, formatRate } from '../text/format.ts'

/** A load as people read it, such as `500/s constant over 10 connections`. */
export function formatLoad(load: Load): string {
  const over = `${load.connections} ${load.connections === 1 ? 'connection' : 'connections'}`
  if (load.model === 'closed')
    return `closed loop over ${over}${load.thinkMs > 0 ? `, ${formatDuration(load.thinkMs)} think time` : ''}`
  const rates = load.stages.flatMap(({ fromPerSecond, toPerSecond }) => [fromPerSecond, toPerSecond])
  const steps = rates.filter((one, at) => one !== rates[at - 1]).map((perSecond) => formatRate(perSecond))
  return `${steps.join(' → ')} ${load.arrivals} over ${over}`
}
