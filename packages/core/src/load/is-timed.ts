import type { Load } from '../plugin/model.ts'

/** Whether requests come due at times of their own. Otherwise each leaves as soon as the one before it is answered. */
export function isTimed(load: Load): boolean {
  return load.model === 'open' || load.thinkMs > 0
}
