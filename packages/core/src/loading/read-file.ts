import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { CloudbenchError, type ErrorCode } from '../errors.ts'
import { formatSize } from '../text/format.ts'

/** More than any configuration that a person wrote, and read in a second or two. */
export const configLimitBytes = 4e6

/**
 * Reads a file byte for byte, if it is one, and not too large. Never waits for a pipe or a device.
 * @param name Its name in messages.
 * @throws CloudbenchError under the code, or the error of the operating system where there is no such file.
 */
export function readBytes(file: string, name: string, limitBytes: number, code: ErrorCode): Buffer {
  // to open a pipe for reading would wait for a writer
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile())
      throw new CloudbenchError({
        code,
        what: `${name} cannot be read: it is ${kindOf(stats)}`,
        expected: 'a regular file',
      })
    if (stats.size > limitBytes)
      throw new CloudbenchError({
        code,
        what: `${name} has ${formatSize(stats.size)}`,
        expected: `at most ${formatSize(limitBytes)}`,
      })
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The same for text: bytes that are none would change without a word. */
export function readText(file: string, name: string, limitBytes: number, code: ErrorCode): string {
  const bytes = readBytes(file, name, limitBytes, code)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new CloudbenchError({
      code,
      what: `${name} cannot be read: it is no text`,
      expected: 'text in UTF-8',
      cause,
    })
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}
