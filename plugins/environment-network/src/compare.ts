import type { NetworkOptions } from './options.ts'
import { raised, settingsOf, type Setting } from './settings.ts'
import { readSetting } from './sysctl.ts'

/** A setting, and how it stands on this machine. */
export interface Compared extends Setting {
  /** Absent: this kernel, or this network namespace, does not show it. */
  readonly current?: string
  /** What it would be set to; absent where it is as wanted, or none that is understood. */
  readonly to?: string
  /** Whether a run is to change it. */
  readonly isAsked: boolean
}

/** How every setting stands. Never rejects. */
export async function compare({
  apply,
  congestionControl,
  root,
}: NetworkOptions): Promise<readonly Compared[]> {
  return await Promise.all(
    settingsOf({ congestionControl }).map(async (setting) => {
      const isAsked = Array.isArray(apply) ? apply.includes(setting.key) : apply
      const current = await readSetting(root, setting.key)
      const to = current === undefined ? undefined : raised(setting, current)
      return {
        ...setting,
        ...(current !== undefined && { current }),
        ...(to !== undefined && { to }),
        isAsked,
      }
    }),
  )
}
