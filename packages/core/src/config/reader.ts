import { CloudbenchError } from '../errors.ts'
import type { Source } from '../plugin/model.ts'
import { formatPath, type Path } from './path.ts'
import type { ResolvedConfig } from './resolved.ts'

/** Parses values of one scenario. An error says where the value was written. */
export interface Reader {
  <T, Value = number>(parse: (value: T) => Value, value: T, path: Path): Value
  /** A path within the scenario and where it was written, for messages. */
  at(path: Path): string
  /** The place in a file where it was written; undefined for what is written in none. */
  source(path: Path): Source | undefined
}

export function readerOf(config: ResolvedConfig, owner: Path): Reader {
  const at = (path: Path) => {
    const full = [...owner, ...path]
    return `${formatPath(full)} (${config.originOf(full)})`
  }
  const read = <T, Value>(parse: (value: T) => Value, value: T, path: Path): Value => {
    try {
      return parse(value)
    } catch (error) {
      throw placed(error, at(path))
    }
  }
  return Object.assign(read, { at, source: (path: Path) => config.sourceOf([...owner, ...path]) })
}

/** The same error, prefixed with the place. */
export function placed(error: unknown, place: string): unknown {
  if (!(error instanceof CloudbenchError)) return error
  const { code, message, expected, next, cause } = error
  return new CloudbenchError({ code, what: `${place}: ${message}`, expected, next, cause })
}
