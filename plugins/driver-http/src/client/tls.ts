import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import { CloudbenchError, messageOf, type Shareable, type TaskContext } from '@cloudbench/core'
import type { HttpOptions, TlsOptions } from '../options.ts'

/** Certificates, read and parsed once for all connections of a worker. */
export interface SharedTls extends Shareable {
  readonly secureContext: SecureContext
}

/** The certificates of a flow, read when its first connection opens. */
export function sharedTls({ options, share, log }: TaskContext<HttpOptions>): Promise<SharedTls> {
  const tls: Partial<TlsOptions> = options.tls ?? {}
  // a hash, because the options may have a key in them
  const key = `http tls ${createHash('sha256').update(JSON.stringify(tls)).digest('hex')}`
  return share(key, () => {
    if (tls.rejectUnauthorized === false)
      log.warn('certificates are not verified (tls.rejectUnauthorized is false)')
    return loadTls(tls)
  })
}

async function loadTls(options: Partial<TlsOptions>): Promise<SharedTls> {
  const [ca, cert, key] = await Promise.all([
    pemOf('ca', options.ca),
    pemOf('cert', options.cert),
    pemOf('key', options.key),
  ])
  try {
    // OpenSSL passes over an authority that it cannot read
    if (ca !== undefined) void new X509Certificate(ca)
    const secureContext = createSecureContext({
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    })
    return { secureContext, close: () => {} }
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
