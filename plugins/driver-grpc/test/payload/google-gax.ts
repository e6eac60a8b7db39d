import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** How Google's client libraries write a message as an HTTP request. */
export interface GaxRequest {
  readonly httpMethod: string
  readonly url: string
  readonly queryString: string
  readonly data: unknown
}

export type GaxTranscode = (
  request: unknown,
  options: readonly Readonly<Record<string, unknown>>[],
) => GaxRequest | undefined

const require = createRequire(import.meta.url)

/** It is in no list of exports, so it is loaded by its file. */
export const { transcode: gaxTranscode } = require(
  join(dirname(require.resolve('google-gax')), 'transcoding.js'),
) as { readonly transcode: GaxTranscode }
