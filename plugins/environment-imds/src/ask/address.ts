import { BlockList, isIP } from 'node:net'

/** Where metadata services are, as their providers document it, and what leads no further than this machine's own link. */
const allowed = new BlockList()
allowed.addSubnet('127.0.0.0', 8, 'ipv4')
allowed.addSubnet('169.254.0.0', 16, 'ipv4')
// of Alibaba Cloud, in the shared address space: all others of that lead elsewhere.
allowed.addAddress('100.100.100.200', 'ipv4')
allowed.addAddress('::1', 'ipv6')
allowed.addSubnet('fe80::', 10, 'ipv6')
// of Amazon and of Google, among their unique local addresses.
allowed.addAddress('fd00:ec2::254', 'ipv6')
allowed.addAddress('fd20:ce::254', 'ipv6')

/** Why a metadata service cannot be asked at this URL; undefined where it can. */
export function refusalOf(written: string): string | undefined {
  const url = URL.canParse(written) ? new URL(written) : undefined
  if (url?.protocol !== 'http:') return 'it is no http:// URL'
  if (
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== '' ||
    url.password !== ''
  )
    return 'it has more than an address and a port'
  const address = hostOf(url)
  const family = isIP(address)
  if (family === 0) return 'its host is a name, and names can lead anywhere'
  if (!allowed.check(address, family === 4 ? 'ipv4' : 'ipv6'))
    return 'it leads further than this machine and its link'
  return undefined
}

/** The address in a URL, without the brackets of version 6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}
