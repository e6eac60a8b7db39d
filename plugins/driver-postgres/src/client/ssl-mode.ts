import type { ConnectTls } from '@cloudbench/driver-kit'

/** What `sslmode` may be, as for every client of PostgreSQL. */
export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

export type SslMode = (typeof sslModes)[number]

/** Whether to try with TLS: once, or first one way and then the other. */
export function attemptsOf(mode: SslMode): readonly boolean[] {
  if (mode === 'disable') return [false]
  if (mode === 'allow') return [false, true]
  return mode === 'prefer' ? [true, false] : [true]
}

/** Whether the server wants it the other way: it has no TLS, or lets no one in without. */
export function isAboutTls({ code, message }: NodeJS.ErrnoException): boolean {
  return code === 'NO_TLS' || (code === '28000' && /no encryption|SSL off/.test(message))
}

/**
 * What a mode verifies: with `verify-ca` not the name; with `allow` and `prefer`, which do without TLS altogether,
 * nothing. `require` verifies as `verify-full` does, unless `tls.rejectUnauthorized` is false.
 */
export function tlsOf(mode: SslMode, tls: ConnectTls): ConnectTls {
  if (mode === 'verify-ca') return { ...tls, checkServerIdentity: () => undefined }
  return mode === 'allow' || mode === 'prefer' ? { ...tls, rejectUnauthorized: false } : tls
}
