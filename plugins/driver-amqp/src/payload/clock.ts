/** Added to `performance.now()`, this gives the machine's monotonic clock, which all processes share. */
const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** Milliseconds on the machine's monotonic clock. */
export function machineNowMs(): number {
  return performance.now() + offsetMs
}
