import type { AuditResult, TaskContext } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import { clusterOf, openLinks } from '../client/cluster.ts'
import { partitionsOf } from '../client/partitions.ts'
import { taskError } from '../connect-error.ts'
import type { TopicOptions } from '../options.ts'
import { isCompacted } from '../wire/topic-requests.ts'
import { sharedLedger } from './ledger.ts'
import { readBack } from './read-back.ts'
import { createUnread } from './unread.ts'

/** Reads back what was stored since this worker began to write, and compares it with what was acknowledged. */
export async function audit(context: TaskContext<TopicOptions>): Promise<readonly AuditResult[]> {
  const { options, signal } = context
  const { topic, connectTimeoutMs: patienceMs } = options
  const ledger = await sharedLedger(context)
  const contents = await sharedReadings(context)
  const unread = createUnread()
  if (ledger.begun().size === 0) return ledger.findings(unread)
  const cluster = await clusterOf(context)
  const partitions = await partitionsOf(cluster, topic, signal)
  let broken: Error | undefined
  const links = await openLinks(cluster, partitions, (error) => {
    broken ??= error
  })
  try {
    const mayLack = await isCompacted(links.to(partitions[0]!.leader), topic)
    for (const { partition, leader } of partitions) {
      // only the broker knows what is left
      if (mayLack) unread.add(partition, 0, Infinity, 'the topic is compacted')
      const source = { topic, partition, link: links.to(leader), signal, patienceMs }
      await readBack(source, { ledger, unread, contents })
    }
    const findings = ledger.findings(unread)
    const ofContents = contents.finding()
    return ofContents.examined > 0 ? [...findings, ofContents] : findings
  } catch (error) {
    throw taskError(broken ?? error)
  } finally {
    await links.close()
  }
}
