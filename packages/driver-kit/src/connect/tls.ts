import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type ConnectionOptions } from 'node:tls'
import type { Logger } from '@cloudbench/core'
import { CloudbenchError, messageOf } from '@cloudbench/core'

/** The options that drivers have for TLS: PEM text, or files with it. */
export interface TlsFiles {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly servername?: string | undefined
  readonly rejectUnauthorized?: boolean | undefined
}

/** What a connection needs to speak TLS. Certificates are verified unless the options say otherwise. */
export async function tlsOptions(
  { ca, cert, key, servername, rejectUnauthorized = true }: TlsFiles,
  log: Logger,
): Promise<ConnectionOptions> {
  if (!rejectUnauthorized) log.warn('certificates are not verified (tls.rejectUnauthorized is false)')
  const [authority, certificate, privateKey] = await Promise.all([
    pemOf('ca', ca),
    pemOf('cert', cert),
    pemOf('key', key),
  ])
  try {
    // OpenSSL passes over an authority that it cannot read
    if (authority !== undefined) void new X509Certificate(authority)
    const secureContext = createSecureContext({
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

async function pemOf(name: string, written: string | undefined): Promise<string | undefined> {
  if (written === undefined || written.includes('-----BEGIN ')) return written
  try {
    return await readFile(written, 'utf8')
  } catch (cause) {
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      // a text that is no file may be a secret, so only the system's word for it is shown
      what: `tls.${name} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? messageOf(cause)}`,
      expected: 'PEM text that begins with -----BEGIN, or the path of a file with it',
      next: `correct tls.${name}; relative paths start from the folder that cloudbench was started in`,
    })
  }
}
