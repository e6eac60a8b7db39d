/** Both ends must speak the same version: they come from one package, but perhaps from two machines. */
export const protocolVersion = 1
/** A connection that is not open after this long counts as refused. */
const connectLimitMs = 30_000
/** For a step of a driver, where a plan says nothing. Filling a large key space takes time. */
export const defaultPatienceMs = 600_000

/** How long a connection may take. */
export function connectLimitOf(patienceMs: number): number {
  return Math.min(connectLimitMs, patienceMs)
}
