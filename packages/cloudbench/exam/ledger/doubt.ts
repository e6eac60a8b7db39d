import type { NumberVerdict } from '@cloudbench/core'
import type { Examined, Measured } from '../load.ts'
import { reachOf, type Reading } from '../reading.ts'
import { serverLatenessMs } from './oracle.ts'

function numberOf({ verdict }: Measured, metric: string): NumberVerdict | undefined {
  return verdict?.numbers.find((number) => number.flow === undefined && number.metric === metric)
}

/** Whether the tool says that a number is invalid because its generator was late. */
export function isHeldUp(measured: Measured, metric: string): boolean {
  const number = numberOf(measured, metric)
  return number?.validity === 'invalid' && number.codes.includes('GENERATOR_LAG')
}

/**
 * A reading of a measurement that calls itself invalid, or of a server that was too late, or by as much as the reading is off: a
 * miss says nothing of the tool then.
 */
export function doubted(
  reading: Reading,
  { measured, ledger }: Examined,
  metric: string,
  mostLateMs = reachOf(reading),
): Reading {
  const lateMs = serverLatenessMs(ledger, measured.warmedUp)
  const beyondMs = Math.abs(reading.reading - reading.truth) - reachOf(reading)
  if (lateMs > mostLateMs || (reading.unit === 'ms' && lateMs >= beyondMs))
    return { ...reading, doubt: `the server itself was ${lateMs.toFixed(1)} ms late (p99)` }
  const number = numberOf(measured, metric)
  if (number?.validity !== 'invalid') return reading
  return { ...reading, doubt: `the tool calls it invalid: ${number.codes.join(', ')}` }
}
