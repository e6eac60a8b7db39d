import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who may see a page that is served. */
export interface Access {
  readonly token: string
  /** The path behind the token, or the status that refuses. */
  allow(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): string | 403 | 404 | 405 | 421
}

/**
 * Other programs and users of the machine can reach a port on loopback, and so can pages in a browser: none of them knows the
 * token. A foreign name that leads to this machine is refused before it is compared, so that its pages cannot guess.
 */
export function createAccess(port: number): Access {
  const token = randomBytes(24).toString('base64url')
  const digest = digestOf(token)
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  return {
    token,
    allow({ method, url = '', headers }) {
      if (!hosts.has(headers.host ?? '')) return 421
      const { 'sec-fetch-site': site = 'none' } = headers
      if (site !== 'none' && site !== 'same-origin') return 403
      const [, given = '', path] = /^\/([^/?]*)\/([^?]*)/.exec(url) ?? []
      if (!timingSafeEqual(digestOf(given), digest) || path === undefined) return 404
      return method === 'GET' ? path : 405
    },
  }
}

/** Digests are of one length, and tell nothing of how much was right. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
