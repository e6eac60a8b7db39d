import { connectError, refusal, taskError } from '../connect-error.ts'
import { formatAddress } from '../target.ts'
import { askMetadata, type TopicMetadata } from '../wire/requests.ts'
import { askMissing } from '../wire/versions.ts'
import { openAny, openNamed, type Cluster } from './cluster.ts'
import type { Link } from './link.ts'

/** Topics are created and removed by one broker, the controller, which has to be asked itself. */
export async function withController<T>(
  cluster: Cluster,
  topic: string,
  work: (link: Link, metadata: TopicMetadata) => Promise<T>,
): Promise<T> {
  const links: Link[] = [await openAny(cluster)]
  const [first] = links as [Link]
  try {
    await requireVersions(first)
    const metadata = await askMetadata(first, topic)
    const { controller } = metadata
    if (controller === undefined || formatAddress(controller) === formatAddress(first.address))
      return await work(first, metadata)
    const second = await openNamed(cluster, controller)
    links.push(second)
    return await work(second, metadata)
  } catch (error) {
    throw connectError(taskError(error), first.address, cluster.access)
  } finally {
    await Promise.all(links.map((link) => link.close()))
  }
}

/** A broker that does not understand a request closes the connection, and does not say why. */
async function requireVersions(link: Link): Promise<void> {
  const missing = await askMissing(link)
  if (missing.length === 0) return
  throw refusal(`${formatAddress(link.address)} lacks ${missing.join(', ')}`, 'UNSUPPORTED_VERSION')
}
