import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A message as an HTTP request, as Google's client libraries write it. */
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

/** Not exported, so it is loaded from its file. */
export const { transcode: gaxTranscode } = require(
  join(dirname(require.resolve('google-gax')), 'transcoding.js'),
) as { readonly transcode: GaxTranscode }
