import type { Link } from '../client/link.ts'
import { api, apiVersions } from './api.ts'

/** Without these, there is no load. The others may be missing: a topic can exist, a producer need not be idempotent. */
const indispensable: ReadonlySet<string> = new Set(['produce', 'fetch', 'listOffsets', 'metadata'])

/** What this driver sends and a broker does not understand, such as `produce version 8 (it has 0 to 7)`. */
export function askMissing(link: Link): Promise<readonly string[]> {
  return link.ask(apiVersions, Buffer.alloc(0), (answer) => {
    answer.int16()
    const ranges = answer.array((from) => ({ key: from.int16(), first: from.int16(), last: from.int16() }))
    return Object.entries(api).flatMap(([name, { key, version }]) => {
      const range = ranges.find((one) => one.key === key)
      if (range === undefined) return indispensable.has(name) ? [name] : []
      const { first, last } = range
      return version >= first && version <= last
        ? []
        : [`${name} version ${version} (it has ${first} to ${last})`]
    })
  })
}
