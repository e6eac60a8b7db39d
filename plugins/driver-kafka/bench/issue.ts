import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownWay, scriptWay } from '@cloudbench/fixtures/bench/own-way'
import { benchHeader, benchRow } from '@cloudbench/fixtures/bench/row'
import type { Way } from '@cloudbench/fixtures/bench/way'
import { jarFolder, startKafka } from '../test/servers/kafka.ts'
import { batchesInFlight, batchMessages, topic, values } from './load.ts'

// CPU per message of this driver without its audit, of kafkajs in ordinary use, and of kafka-producer-perf-test, against a
// real broker, with batches of 16 KiB, at most 5 of them under way, acknowledged by all replicas:
//   node --conditions=@cloudbench/source bench/issue.ts

const folder = await mkdtemp(join(tmpdir(), 'cloudbench-bench-'))
const payload = join(folder, 'payload')
await writeFile(payload, values.map((value) => `${value.toString()}\n`).join(''))
const broker = await startKafka({ 'log.retention.bytes': '268435456', 'log.segment.bytes': '67108864' })
const address = broker.url.replace('kafka://', '')

function own(client: string, compression: string): Way {
  const options = { client, topic, compression, batchesInFlight }
  return ownWay({ driver: new URL('producing.ts', import.meta.url).href, url: broker.url, options })
}

function kafkajs(compression: string): Way {
  const way = scriptWay(new URL('kafkajs.ts', import.meta.url), address, compression)
  return { ...way, requests: (...run) => way.requests(...run) * batchMessages }
}

/** It counts: so many messages stand for a second. */
const perSecond = 100_000

function perfTest(compression: string): Way {
  const messages = (seconds: number): number => Math.round(seconds * perSecond)
  const java = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', join(jarFolder, '*')]
  const batches = ['acks=all', 'linger.ms=5', 'batch.size=16384', `compression.type=${compression}`]
  const how = ['--throughput', -1, '--producer-props', `bootstrap.servers=${address}`, ...batches]
  return {
    program: 'java',
    args(seconds) {
      const what = ['--topic', topic, '--num-records', messages(seconds), '--payload-file', payload]
      return [...java, 'org.apache.kafka.tools.ProducerPerformance', ...what, ...how]
    },
    requests: (_, seconds) => messages(seconds),
  }
}

try {
  benchHeader()
  for (const { compression, goals } of [
    { compression: 'none', goals: { perfTest: 0.35, kafkajs: 0.3 } },
    { compression: 'gzip', goals: { perfTest: 0.4, kafkajs: 0.45 } },
  ])
    await benchRow({
      name: `1 KB, batches of 16 KiB, ${compression}`,
      own: own('wire', compression),
      others: {
        'kafka-producer-perf-test': { way: perfTest(compression), goal: goals.perfTest },
        kafkajs: { way: kafkajs(compression), goal: goals.kafkajs },
      },
    })
} finally {
  await broker.close()
  await rm(folder, { recursive: true, force: true })
}
