import { CloudbenchError, type DriverContext, type TaskContext } from '@cloudbench/core'
import { sharedTls } from '@cloudbench/driver-kit'
import type { TopicOptions } from '../options.ts'
import { formatAddress, parseTarget, type Address, type KafkaTarget } from '../target.ts'
import type { Link } from './link.ts'
import { openLink, type Access } from './open-link.ts'

/** What it takes to open connections to a cluster. */
export interface Cluster {
  readonly target: KafkaTarget
  readonly access: Access
}

/** Of a connection of the load, or of a task; only a connection counts its sockets. */
export type ClusterContext = TaskContext<TopicOptions> & Partial<Pick<DriverContext, 'sockets'>>

/** Reads url and options. @throws CloudbenchError when they do not fit together. */
export async function clusterOf({
  target: url,
  options,
  folder,
  share,
  log,
  sockets,
}: ClusterContext): Promise<Cluster> {
  const target = parseTarget(url)
  const { username, password } = target
  const sasl = username === undefined || password === undefined ? undefined : { username, password }
  return {
    target,
    access: {
      connectTimeoutMs: options.connectTimeoutMs,
      sockets,
      tls: target.isTls ? await sharedTls({ options, folder, share, log }) : undefined,
      sasl: sasl && { mechanism: options.sasl as 'plain', ...sasl },
    },
  }
}

/** Opens a connection to the first broker in the url that answers. @throws CloudbenchError from the last one. */
export async function openAny({ target, access }: Cluster, onFault?: (error: Error) => void): Promise<Link> {
  let refused: unknown
  for (const address of target.addresses)
    try {
      return await openLink(address, access, onFault)
    } catch (error) {
      refused = error
    }

  throw refused
}

/** Opens a connection to a broker at its advertised address. @throws CloudbenchError when it cannot be reached there. */
export async function openNamed(
  { target, access }: Cluster,
  address: Address,
  onFault?: (error: Error) => void,
): Promise<Link> {
  try {
    return await openLink(address, access, onFault)
  } catch (error) {
    throw atAdvertised(error, target)
  }
}

/** Brokers tell clients where to find them, and are often configured with the wrong address. */
function atAdvertised(error: unknown, { addresses }: KafkaTarget): unknown {
  if (!(error instanceof CloudbenchError)) return error
  return new CloudbenchError({
    code: error.code,
    what: `${error.message} (an address advertised by the cluster at ${addresses.map(formatAddress).join(', ')})`,
    expected: error.expected,
    next: `correct advertised.listeners of the broker if the address is wrong; otherwise ${error.next}`,
    cause: error,
  })
}

/** The open links of one connection: one to each broker that leads a partition. */
export interface Links {
  to(address: Address): Link
  /** Opens one more, for requests that the others must not wait for. */
  openAnother(address: Address): Promise<Link>
  /** Closes all of them. */
  close(): Promise<void>
}

/** Opens a link to every broker that leads a partition. @throws CloudbenchError when one cannot be reached. */
export async function openLinks(
  cluster: Cluster,
  partitions: ReadonlyArray<{ readonly leader: Address }>,
  onFault: (error: Error) => void,
): Promise<Links> {
  const opened: Link[] = []
  const byAddress = new Map<string, Link>()
  const openAnother = async (address: Address): Promise<Link> => {
    const link = await openNamed(cluster, address, onFault)
    opened.push(link)
    return link
  }
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((link) => link.close()))
  }
  try {
    for (const { leader } of partitions) {
      const key = formatAddress(leader)
      if (!byAddress.has(key)) byAddress.set(key, await openAnother(leader))
    }
  } catch (error) {
    await close()
    throw error
  }
  return { to: (address) => byAddress.get(formatAddress(address))!, openAnother, close }
}
