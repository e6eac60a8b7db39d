import { isIPv6 } from 'node:net'

/** Where a server listens. */
export interface Address {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  /** For messages: without credentials. */
  readonly shown: string
}

/** The hosts between the user and the path of a url, and the port of each as written; undefined if they are none. */
export function hostsOf(
  written: string,
  decode: (text: string) => string,
): { readonly hosts: readonly string[]; readonly ports: readonly string[] } | undefined {
  const hosts: string[] = []
  const ports: string[] = []
  for (const each of written.split(',')) {
    const [, address, name, port = ''] = /^(?:\[([^\]]*)\]|([^[\]:\s]*))(?::([^:]*))?$/.exec(each) ?? []
    if (address === undefined ? name === undefined : !isIPv6(address)) return undefined
    hosts.push(address ?? decode(name!))
    ports.push(port)
  }
  return { hosts, ports }
}

/** Gives each host its port: one for all, or one for each. An empty one is PostgreSQL's own. */
export function portsOf(
  hosts: readonly string[],
  written: readonly string[],
  refuse: (what: string) => Error,
): readonly Address[] {
  if (written.length !== 1 && written.length !== hosts.length)
    throw refuse(`the target's url has ${written.length} ports for ${hosts.length} hosts`)
  return hosts.map((host, at) => {
    const port = portOf(written[written.length === 1 ? 0 : at]!, refuse)
    return { host, port, shown: shownOf(host, port) }
  })
}

function portOf(digits: string, refuse: (what: string) => Error): number {
  if (digits === '') return 5432
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  if (port >= 1 && port <= 65_535) return port
  throw refuse("the target's url has a port that is not a number from 1 to 65535")
}

function shownOf(host: string, port: number): string {
  if (host.startsWith('/')) return `${host}/.s.PGSQL.${port}`
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
