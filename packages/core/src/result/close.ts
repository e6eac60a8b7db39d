/** Equal, except for how a sum was rounded. */
export function isClose(stated: unknown, anew: unknown): boolean {
  if (typeof stated !== 'number' || typeof anew !== 'number') return stated === anew
  if (stated === anew) return true
  if (!Number.isFinite(stated) || !Number.isFinite(anew)) return false
  return Math.abs(stated - anew) <= 1e-9 * Math.max(Math.abs(stated), Math.abs(anew))
}
