/** What is true by construction of the server, and what the tool measured. */
export interface Reading {
  readonly name: string
  readonly truth: number
  readonly reading: number
  readonly unit: string
  /** How far a reading may be off: a share of the truth, or an absolute amount, whichever is larger. */
  readonly tolerance: { readonly share?: number; readonly absolute?: number }
  /** Why a miss would say nothing of the tool: `the tool calls it invalid: GENERATOR_LAG`. */
  readonly doubt?: string | undefined
}

/** `doubtful`: off, but by a measurement that says of itself that it is invalid, which is not a wrong one. */
export type Mark = 'right' | 'doubtful' | 'wrong'

const signs = { right: '✓', doubtful: '?', wrong: '✗' } as const satisfies Record<Mark, string>

export function isRight({ truth, reading, tolerance }: Reading): boolean {
  // written so that NaN is wrong
  return Math.abs(reading - truth) <= reachOf({ truth, tolerance })
}

export function markOf(reading: Reading): Mark {
  return isRight(reading) ? 'right' : reading.doubt === undefined ? 'wrong' : 'doubtful'
}

export function line(reading: Reading): string {
  const { name, truth, unit, doubt } = reading
  const figure = (value: number): string => `${value.toFixed(3)} ${unit}`.padStart(14)
  const mark = markOf(reading)
  const reach = reachOf(reading)
  return [
    `  ${signs[mark]} ${name.padEnd(34)} truth ${figure(truth)}`,
    `reading ${figure(reading.reading)}`,
    ...(reach > 0 ? [`within ${figure(reach).trimStart()}`] : []),
    ...(mark === 'doubtful' ? [doubt] : []),
  ].join('   ')
}

/** How far off it may be, in its unit. */
export function reachOf({
  truth,
  tolerance: { share = 0, absolute = 0 },
}: Pick<Reading, 'truth' | 'tolerance'>): number {
  return Math.max(Math.abs(truth) * share, absolute)
}
