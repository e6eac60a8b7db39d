import { createHash, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { CloudbenchError, messageOf, type Shareable, type TaskContext } from '@cloudbench/core'
import { readNamedFile } from '../options/named-file.ts'
import type { TlsFiles } from '../options/tls.ts'

/** More than all the authorities that a system trusts. */
const pemLimitBytes = 4_000_000

/** What `connect` of `node:tls` needs, and every client library that hands it on. */
export interface ConnectTls {
  /** Certificates, read and parsed once for all connections of a worker. */
  readonly secureContext: SecureContext
  readonly rejectUnauthorized: boolean
  readonly servername?: string
  /** What the server may choose from to speak inside TLS. */
  readonly ALPNProtocols?: string[]
  /** Replaces the comparison of the host with the names in the certificate. */
  readonly checkServerIdentity?: () => undefined
}

interface SharedTls extends Shareable {
  readonly options: ConnectTls
}

type TlsContext = Pick<
  TaskContext<{ readonly tls?: TlsFiles | undefined }>,
  'options' | 'folder' | 'share' | 'log'
>

/**
 * The option `tls`, loaded when the first connection opens. Certificates are verified unless it says otherwise.
 * @throws CloudbenchError for files that cannot be read or used.
 */
export async function sharedTls({
  options: { tls = {} },
  folder,
  share,
  log,
}: TlsContext): Promise<ConnectTls> {
  // a hash, because the options may have a key in them
  const key = `tls ${createHash('sha256').update(JSON.stringify(tls)).digest('hex')}`
  const { options } = await share<SharedTls>(key, async () => {
    if (tls.rejectUnauthorized === false)
      log.warn('certificates are not verified (tls.rejectUnauthorized is false)')
    return { options: loadTls(tls, folder), close: () => {} }
  })
  return options
}

/** The name that TLS asks for: the option's, else the host; `undefined` for an address, which has none. */
export function serverNameOf(hostname: string, tls?: TlsFiles): string | undefined {
  return tls?.servername ?? (isIP(hostname) === 0 ? hostname : undefined)
}

/** The same for one host: it is named, as TLS verifies it, and asked for by name unless it is an address. */
export function tlsTo(host: string, tls: ConnectTls): ConnectTls & { readonly host: string } {
  const servername = serverNameOf(host, tls)
  return { ...tls, host, ...(servername !== undefined && { servername }) }
}

function loadTls(
  { ca, cert, key, servername, rejectUnauthorized = true, ...rest }: TlsFiles,
  folder: string,
): ConnectTls {
  const authority = pemOf('ca', ca, folder)
  const certificate = pemOf('cert', cert, folder)
  const privateKey = pemOf('key', key, folder)
  try {
    // OpenSSL passes over an authority that it cannot read
    if (authority !== undefined) void new X509Certificate(authority)
    const secureContext = createSecureContext({
      ...rest,
      ...(authority !== undefined && { ca: authority }),
      ...(certificate !== undefined && { cert: certificate }),
      ...(privateKey !== undefined && { key: privateKey }),
    })
    return { secureContext, rejectUnauthorized, ...(servername !== undefined && { servername }) }
  } catch (cause) {
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      what: `tls.ca, tls.cert or tls.key cannot be used: ${messageOf(cause)}`,
      expected: 'certificates and a key without a passphrase, as PEM',
      next: 'check them with `openssl x509 -in FILE -noout -text`',
      cause,
    })
  }
}

function pemOf(name: string, written: string | undefined, folder: string): string | undefined {
  if (written === undefined || written.includes('-----BEGIN ')) return written
  return readNamedFile({
    option: `tls.${name}`,
    path: written,
    folder,
    limitBytes: pemLimitBytes,
    expected: 'PEM text that begins with -----BEGIN, or the path of a file with it',
    // a text that is no file may be a secret
    isHidden: true,
  }).toString()
}
