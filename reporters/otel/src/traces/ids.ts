import { createHash } from 'node:crypto'

/** Follow from the run alone, so that the same run always has the same spans. */
export function traceIdOf(runId: string): string {
  return hexOf(['trace', runId], 32)
}

export function spanIdOf(runId: string, ...path: readonly (string | number)[]): string {
  return hexOf(['span', runId, ...path], 16)
}

function hexOf(path: readonly (string | number)[], digits: number): string {
  return createHash('sha256').update(JSON.stringify(path)).digest('hex').slice(0, digits)
}
