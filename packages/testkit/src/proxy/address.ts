/** Where a target is, read from what the user wrote. */
export interface Address {
  readonly host: string
  readonly port: number
  /** The same target on this machine, at another port. */
  moved(port: number): string
  /** The same target with these credentials; undefined if it is not a url. */
  withCredentials(user: string, password: string): string | undefined
}

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 }
const form = /^(?:([a-z][a-z\d+.-]*):\/\/)?(?:([^@/]*)@)?(\[[^\]]+\]|[^:/?#,]+)(?::(\d+))?((?:[/?#].*)?)$/is

/** Reads `redis://user:word@host:6379/0` and `host:9092`; undefined for lists and for targets without a port. */
export function addressOf(target: string): Address | undefined {
  const [, scheme, credentials, host, port, rest = ''] = form.exec(target) ?? []
  const number = Number(port ?? defaultPorts[scheme ?? ''])
  if (host === undefined || !Number.isInteger(number)) return undefined
  const start = scheme === undefined ? '' : `${scheme}://`
  const name = credentials === undefined ? '' : `${credentials}@`
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: number,
    // keep a name that a certificate may contain, if it means this machine
    moved: (to) => `${start}${name}${host === 'localhost' ? host : '127.0.0.1'}:${to}${rest}`,
    withCredentials: (user, password) =>
      scheme === undefined ? undefined : `${start}${user}:${password}@${host}:${number}${rest}`,
  }
}

/** Why rules that need a network address are not tried. */
export const noAddress = 'not tried: no host and port can be read from the target'
