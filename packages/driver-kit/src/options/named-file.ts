import { resolve } from 'node:path'
import { CloudbenchError, messageOf, readBytes } from '@cloudbench/core'

/** A file that an option names. */
export interface NamedFile {
  readonly option: string
  /** As written: relative paths start from `folder`. */
  readonly path: string
  readonly folder: string
  readonly limitBytes: number
  /** What it has to be. */
  readonly expected: string
  /** Whether the path may itself be a secret, such as a key where its file was meant. */
  readonly isHidden?: boolean
}

/**
 * Reads it byte for byte.
 * @throws CloudbenchError for one that is missing, too large, not readable or not a file at all, such as a pipe.
 */
export function readNamedFile(named: NamedFile): Buffer {
  const { option, path, folder, limitBytes, expected, isHidden = false } = named
  const file = resolve(folder, path)
  const name = isHidden ? option : `${file} (${option})`
  try {
    return readBytes(file, name, limitBytes, 'CB_PLUGIN_OPTIONS')
  } catch (cause) {
    if (cause instanceof CloudbenchError) throw cause
    throw new CloudbenchError({
      code: 'CB_PLUGIN_OPTIONS',
      what: `${name} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? messageOf(cause)}`,
      expected,
      next: `correct ${option}; relative paths start from ${folder}`,
      // it has the path in it
      ...(!isHidden && { cause }),
    })
  }
}
