import type { Gauge, MachineSignals } from '../plugin/model.ts'
import { gaugeReadings } from '../plugin/record.ts'
import { mapEach, mergers } from './record.ts'

/** Adds what was sampled in several stretches of time, machine by machine: counters add up, gauges are weighted by time. */
export function sumSignals(parts: readonly MachineSignals[]): MachineSignals[] {
  const machines = [...new Set(parts.map(({ machine }) => machine))]
  return machines.map((machine) => {
    const own = parts.filter((part) => part.machine === machine)
    return {
      machine,
      gauges: byName(
        own.map(({ gauges }) => gauges),
        sumGauges,
      ),
      counters: byName(
        own.map(({ counters }) => counters),
        (grown) => grown.reduce((sum, by) => sum + by, 0),
      ),
    }
  })
}

function sumGauges(parts: readonly Gauge[]): Gauge {
  return mapEach(gaugeReadings, (name, { merge }) =>
    mergers[merge](parts.map((part) => ({ value: part[name], spanMs: part.observedMs }))),
  )
}

function byName<Value>(
  records: readonly Readonly<Record<string, Value>>[],
  sum: (values: readonly Value[]) => Value,
): Record<string, Value> {
  const names = new Set(records.flatMap((record) => Object.keys(record)))
  return Object.fromEntries(
    Array.from(names, (name) => [
      name,
      sum(records.flatMap((record) => (Object.hasOwn(record, name) ? [record[name]!] : []))),
    ]),
  )
}
