/** What is true by construction of the server, and what the tool measured. */
export interface Reading {
  readonly name: string
  readonly truth: number
  readonly reading: number
  readonly unit: string
  /** How far a reading may be off: a share of the truth, or an absolute amount, whichever is larger. */
  readonly tolerance: { readonly share?: number; readonly absolute?: number }
}

export function isRight({ truth, reading, tolerance: { share = 0, absolute = 0 } }: Reading): boolean {
  // written so that NaN is wrong
  return Math.abs(reading - truth) <= Math.max(Math.abs(truth) * share, absolute)
}

export function line(reading: Reading): string {
  const { name, truth, unit } = reading
  const figure = (value: number): string => `${value.toFixed(3)} ${unit}`.padStart(14)
  return `  ${isRight(reading) ? '✓' : '✗'} ${name.padEnd(34)} truth ${figure(truth)}   reading ${figure(reading.reading)}`
}
