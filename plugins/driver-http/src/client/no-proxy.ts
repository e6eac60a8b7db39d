/** `localhost`, 127.0.0.0/8 and `::1`: a proxy elsewhere cannot reach them. */
const loopback = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|::1)$/

/** Whether a host is reached without a proxy, whatever the environment says. */
export function isLoopback(hostname: string): boolean {
  return loopback.test(plain(hostname))
}

/**
 * Whether `NO_PROXY` names a host: `example.com` and `.example.com` with everything below it, `*.example.com` only what is
 * below it, any of them with a port, and `*` for all. By commas or spaces.
 */
export function isExcluded(list: string, hostname: string, port: number): boolean {
  const host = plain(hostname)
  return list.split(/[,\s]+/).some((entry) => {
    const { name, isBelowOnly, onlyPort } = readEntry(entry)
    if (name === '' || (onlyPort !== undefined && onlyPort !== port)) return false
    return name === '*' || host.endsWith(`.${name}`) || (!isBelowOnly && host === name)
  })
}

function readEntry(entry: string) {
  const [, bracketed, name = bracketed ?? entry, digits] =
    /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? []
  return {
    name: name === '*' ? name : plain(name.replace(/^\*?\./, '')),
    isBelowOnly: name.startsWith('*.'),
    onlyPort: digits === undefined ? undefined : Number(digits),
  }
}

/** A dot at the end is the root of all names. */
function plain(hostname: string): string {
  return hostname.toLowerCase().replace(/(?<=.)\.$/, '')
}
