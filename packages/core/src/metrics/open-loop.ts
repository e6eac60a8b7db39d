import type { Phase } from '../plugin/model.ts'

/** Whether requests of a flow came due by a schedule in what was measured: only then it has response times. */
export function isOpenLoop(flow: string, phases: readonly Phase[]): boolean {
  return phases.some(({ kind, loads }) => kind === 'measure' && loads[flow]?.model === 'open')
}
