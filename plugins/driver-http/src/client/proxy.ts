import { CloudbenchError, type DriverContext } from '@cloudbench/core'
import type { HttpOptions } from '../options.ts'
import type { HttpTarget } from '../target.ts'
import { isExcluded, isLoopback } from './no-proxy.ts'

/** An HTTP proxy. */
export interface Proxy {
  readonly hostname: string
  readonly port: number
  /** The value of `proxy-authorization`. */
  readonly authorization?: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that the option asks for. One that only the environment names is not used, and named in a warning.
 * @throws CloudbenchError for what is not the url of an HTTP proxy.
 */
export async function proxyOf(
  { options: { proxy: asked }, log, share, worker }: DriverContext<HttpOptions>,
  target: HttpTarget,
  env: Environment = process.env,
): Promise<Proxy | undefined> {
  if (asked !== undefined && asked !== 'env') return parseProxy(asked, 'the option proxy', target)
  const found = proxyIn(env, target)
  if (found === undefined) return undefined
  if (asked === 'env') return parseProxy(found.url, found.name, target)
  await share('proxy', () => {
    if (worker.index === 0)
      log.warn(
        `${found.name} is set and not used: connections to ${target.hostname} are direct (proxy: env uses it)`,
      )
    return { close() {} }
  })
  return undefined
}

/** What the environment says for a target, as curl and undici read it: small letters first, and HTTP's for HTTPS. */
function proxyIn(env: Environment, { isTls, hostname, port, socketPath }: HttpTarget) {
  if (socketPath !== undefined || isLoopback(hostname)) return undefined
  if (isExcluded(env['no_proxy'] ?? env['NO_PROXY'] ?? '', hostname, port)) return undefined
  const plainNames = ['http_proxy', 'HTTP_PROXY']
  const name = [...(isTls ? ['https_proxy', 'HTTPS_PROXY'] : []), ...plainNames].find(
    (one) => env[one] !== undefined,
  )
  const url = name === undefined ? undefined : env[name]!
  // an empty one says that there is none
  return url ? { name: name!, url } : undefined
}

/** Credentials become a header: the url is not shown. */
function parseProxy(text: string, source: string, { socketPath }: HttpTarget): Proxy {
  const written = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(written) ? new URL(written) : undefined
  if (socketPath !== undefined) throw notProxy(`${source} cannot be used for a target on a Unix socket`)
  if (url?.protocol !== 'http:' || url.hostname === '')
    throw notProxy(`${source} is not the url of an HTTP proxy`)
  const login = `${decoded(url.username)}:${decoded(url.password)}`
  return {
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || 80,
    authorization: login === ':' ? undefined : `Basic ${Buffer.from(login).toString('base64')}`,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // a password with a percent sign that begins no code
    return text
  }
}

function notProxy(what: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_PLUGIN_OPTIONS',
    what,
    expected: 'a proxy such as http://proxy.example.com:3128; proxies over TLS and SOCKS are not supported',
    next: 'correct it, or leave the option out to connect directly',
  })
}
