import type { DriverContext, Shareable } from '@cloudbench/core'
import { readNamedFile } from '@cloudbench/driver-kit'
import type { HttpOptions } from '../options.ts'

/** It stays in the memory of every worker. */
const limitBytes = 256_000_000

interface SharedBody extends Shareable {
  readonly bytes: Buffer
}

/**
 * The file of the option `bodyFile`, read once for all connections of a worker; undefined without the option.
 * @throws CloudbenchError for a file that cannot be read.
 */
export async function sharedBody({
  options: { bodyFile },
  folder,
  share,
}: DriverContext<HttpOptions>): Promise<Buffer | undefined> {
  if (bodyFile === undefined) return undefined
  const { bytes } = await share<SharedBody>(`body ${bodyFile}`, () => ({
    bytes: readBody(bodyFile, folder),
    close() {},
  }))
  return bytes
}

function readBody(path: string, folder: string): Buffer {
  return readNamedFile({
    option: 'bodyFile',
    path,
    folder,
    limitBytes,
    expected: 'a file that is sent byte for byte',
  })
}
