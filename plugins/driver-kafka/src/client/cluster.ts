import { CloudbenchError, type TaskContext } from '@cloudbench/core'
import { connectError } from '../connect-error.ts'
import type { Link } from './link.ts'
import { openLink, type Access } from './open-link.ts'
import type { TopicOptions } from '../options.ts'
import { askMetadata, type TopicMetadata } from '../wire/requests.ts'
import { parseTarget, shown, type Address, type KafkaTarget } from '../target.ts'
import { sharedTls } from '@cloudbench/driver-kit'

/** A cluster, as far as it takes to open connections to it. */
export interface Cluster {
  readonly target: KafkaTarget
  readonly access: Access
}

/** Reads url and options. @throws CloudbenchError when they do not fit together. */
export async function clusterOf({
  target: url,
  options,
  share,
  log,
}: TaskContext<TopicOptions>): Promise<Cluster> {
  const target = parseTarget(url)
  const { username, password } = target
  const sasl = username === undefined || password === undefined ? undefined : { username, password }
  return {
    target,
    access: {
      connectTimeoutMs: options.connectTimeoutMs,
      tls: target.isTls ? await sharedTls({ options, share, log }) : undefined,
      sasl: sasl && { mechanism: options.sasl as 'plain', ...sasl },
    },
  }
}

/** Opens a connection to the first broker of the url that answers. @throws CloudbenchError of the last one. */
export async function openAny({ target, access }: Cluster, onFault?: (error: Error) => void): Promise<Link> {
  let refused: unknown
  for (const address of target.addresses) {
    try {
      return await openLink(address, access, onFault)
    } catch (error) {
      refused = error
    }
  }
  throw refused
}

/** A partition and the broker to talk to about it. */
export interface Place {
  readonly partition: number
  readonly leader: Address
}

/** How often the leader of a partition is asked for while one is being elected. */
const leaderPauseMs = 100

/**
 * The partitions of a topic, in order, with their leaders.
 * @throws CloudbenchError when there is no such topic, or a partition is without a leader for too long.
 */
export async function placesOf(
  cluster: Cluster,
  topic: string,
  signal: AbortSignal,
): Promise<readonly Place[]> {
  const link = await openAny(cluster)
  try {
    const untilMs = performance.now() + cluster.access.connectTimeoutMs
    for (;;) {
      const metadata = await asked(link, cluster, topic)
      const places = metadata.partitions.flatMap(({ partition, leader }) =>
        leader === undefined ? [] : [{ partition, leader }],
      )
      if (metadata.error === 'NONE' && places.length > 0 && places.length === metadata.partitions.length)
        return places
      const isPassing = metadata.error === 'NONE' || metadata.error === 'LEADER_NOT_AVAILABLE'
      if (!isPassing || performance.now() > untilMs) throw unusable(topic, metadata, link.address)
      await new Promise((resolve) => setTimeout(resolve, leaderPauseMs))
      signal.throwIfAborted()
    }
  } finally {
    await link.close()
  }
}

async function asked(link: Link, { access }: Cluster, topic: string): Promise<TopicMetadata> {
  try {
    return await askMetadata(link, topic)
  } catch (error) {
    throw connectError(error, link.address, access)
  }
}

function unusable(topic: string, { error, partitions }: TopicMetadata, address: Address): CloudbenchError {
  const where = shown(address)
  const refusal = (what: string, expected: string, next: string): CloudbenchError =>
    new CloudbenchError({ code: 'CB_CONNECT', what, expected, next })
  if (error === 'UNKNOWN_TOPIC_OR_PARTITION')
    return refusal(
      `${where} has no topic ${JSON.stringify(topic)}`,
      'a topic that exists and that this user may see',
      'correct options.topic, or let it be created with options.createTopic: true',
    )
  if (error === 'TOPIC_AUTHORIZATION_FAILED')
    return refusal(
      `${where} does not let this user use the topic ${JSON.stringify(topic)}`,
      'the permissions Describe, and Write or Read, on the topic',
      'let an administrator grant them with kafka-acls.sh',
    )
  const leaderless = partitions.filter(({ leader }) => leader === undefined)
  return refusal(
    error === 'NONE' && leaderless.length > 0
      ? `${leaderless.length} of ${partitions.length} partitions of ${JSON.stringify(topic)} have no leader`
      : `${where} does not describe the topic ${JSON.stringify(topic)}: ${error}`,
    'a topic of which every partition has a leader',
    'look at it with kafka-topics.sh --describe, and at the brokers that are down',
  )
}

/**
 * Opens a connection to a broker that the cluster has named.
 * @throws CloudbenchError when it cannot be reached there.
 */
export async function openNamed(
  { target, access }: Cluster,
  address: Address,
  onFault?: (error: Error) => void,
): Promise<Link> {
  try {
    return await openLink(address, access, onFault)
  } catch (error) {
    throw advertised(error, target)
  }
}

/** Brokers tell clients where to find them, and often tell the wrong place. */
function advertised(error: unknown, { addresses }: KafkaTarget): unknown {
  if (!(error instanceof CloudbenchError)) return error
  return new CloudbenchError({
    code: error.code,
    what: `${error.message} (the cluster at ${addresses.map(shown).join(', ')} says that one of its brokers is there)`,
    ...(error.expected !== undefined && { expected: error.expected }),
    next: `correct advertised.listeners of the broker if this is not its address; otherwise ${error.next}`,
    cause: error,
  })
}

/** The open links of one connection, one to each broker that leads a partition. */
export interface Links {
  to(address: Address): Link
  close(): Promise<void>
}

/** Opens a link to every broker that leads one of the places. @throws CloudbenchError when one cannot be reached. */
export async function openLinks(
  cluster: Cluster,
  places: readonly Place[],
  onFault: (error: Error) => void,
): Promise<Links> {
  const opened = new Map<string, Link>()
  const close = async (): Promise<void> => {
    await Promise.all(Array.from(opened.values(), (link) => link.close()))
  }
  try {
    for (const { leader } of places)
      if (!opened.has(shown(leader))) opened.set(shown(leader), await openNamed(cluster, leader, onFault))
  } catch (error) {
    await close()
    throw error
  }
  return { to: (address) => opened.get(shown(address))!, close }
}
