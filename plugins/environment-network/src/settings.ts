/** A kernel setting, what a load generator wants of it, and why. */
export interface Setting {
  /** As `sysctl` spells it. */
  readonly key: string
  readonly wanted: string
  /** `at least`: a number, or a range that is at least as wide. Never lowered. */
  readonly rule: 'at least' | 'exactly'
  /** What happens to a measurement otherwise. */
  readonly reason: string
}

/** What is compared on every machine. */
const table: readonly Setting[] = [
  {
    key: 'net.core.somaxconn',
    wanted: '65535',
    rule: 'at least',
    reason:
      'the queue of connections that a local server has yet to accept is cut to it; once it is full, a connection takes a second longer',
  },
  {
    key: 'net.core.netdev_max_backlog',
    wanted: '16384',
    rule: 'at least',
    reason: 'packets that arrive faster than a CPU takes them wait in a queue of this length, or are dropped',
  },
  {
    key: 'net.core.rmem_max',
    wanted: '26214400',
    rule: 'at least',
    reason:
      'no socket can ask for a larger receive buffer, which limits what one connection carries over a distance',
  },
  {
    key: 'net.core.wmem_max',
    wanted: '26214400',
    rule: 'at least',
    reason:
      'no socket can ask for a larger send buffer, which limits what one connection carries over a distance',
  },
  {
    key: 'net.ipv4.ip_local_port_range',
    wanted: '10000 65535',
    rule: 'at least',
    reason:
      'every connection to one target needs a port of its own, and keeps it for a minute after it has been closed',
  },
  {
    key: 'net.ipv4.tcp_max_syn_backlog',
    wanted: '8192',
    rule: 'at least',
    reason: 'connections that a local server has not confirmed yet wait in a queue of this length',
  },
  {
    key: 'net.ipv4.tcp_tw_reuse',
    wanted: '1',
    rule: 'exactly',
    reason:
      'ports of closed connections are used again after a second, so that a workload that opens one per request does not run out of them',
  },
]

const congestionControlKey = 'net.ipv4.tcp_congestion_control'

/** Read for the facts alone. */
export const availableCongestionControlKey = 'net.ipv4.tcp_available_congestion_control'

/** Every key that this environment may ever change. */
export const settableKeys: readonly [string, ...string[]] = [
  congestionControlKey,
  ...table.map(({ key }) => key),
]

/** @param congestionControl Absent: any will do. */
export function settingsOf({
  congestionControl,
}: {
  readonly congestionControl?: string | undefined
}): readonly Setting[] {
  if (congestionControl === undefined) return table
  const reason = 'it decides how fast a connection may send, so only runs with the same one are comparable'
  return [...table, { key: congestionControlKey, wanted: congestionControl, rule: 'exactly', reason }]
}

/**
 * What a setting would be set to; undefined where its value is as wanted, or none that is understood. A range only becomes
 * wider, so what it had stays in it.
 */
export function raised({ key, wanted, rule }: Setting, current: string): string | undefined {
  if (!isValueOf(key, current)) return undefined
  if (rule === 'exactly') return current === wanted ? undefined : wanted
  const [low = 0, high] = numbersIn(current)
  const [wantedLow = 0, wantedHigh] = numbersIn(wanted)
  if (high === undefined || wantedHigh === undefined) return low >= wantedLow ? undefined : wanted
  const wider = `${Math.min(low, wantedLow)} ${Math.max(high, wantedHigh)}`
  return wider === current ? undefined : wider
}

/** Whether a text is what the kernel may say of this setting. Journals are checked with it too: it lets nothing else through. */
export function isValueOf(key: string, text: string): boolean {
  if (key === congestionControlKey) return isCongestionControl(text)
  const numbers = numbersIn(text)
  if (!numbers.every((number) => Number.isSafeInteger(number))) return false
  if (key === 'net.ipv4.tcp_tw_reuse') return /^[012]$/.test(text)
  if (key !== 'net.ipv4.ip_local_port_range') return numbers.length === 1 && /^\d{1,10}$/.test(text)
  const [low = 0, high = 0] = numbers
  return /^\d{1,5} \d{1,5}$/.test(text) && low >= 1 && low < high && high <= 65_535
}

/** The kernel's names are at most 15 letters. */
export function isCongestionControl(text: string): boolean {
  return /^[a-z][a-z0-9_-]{0,14}$/.test(text)
}

function numbersIn(text: string): number[] {
  return text.split(' ').map(Number)
}
