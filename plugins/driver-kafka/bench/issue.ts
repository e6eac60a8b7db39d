import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childCpu } from '@cloudbench/fixtures/bench/child-cpu'
import { compare, requestsOr } from '@cloudbench/fixtures/bench/compare'
import { benchFlow, driverCpu } from '@cloudbench/fixtures/bench/driver-cpu'
import { awaiting, ownCpu } from '@cloudbench/fixtures/bench/own-cpu'
import kafkajs from 'kafkajs'
import driver from '../src/index.ts'
import { jarFolder, startKafka } from '../test/servers/kafka.ts'

// CPU per message of this driver, of kafkajs as it is usually used, and of kafka-producer-perf-test, against a real
// broker, with batches of 16 KiB, at most 5 of them under way, acknowledged by all replicas:
//   node --conditions=@cloudbench/source bench/issue.ts

const requests = requestsOr(200_000)
const valueBytes = 1_000
const batchMessages = 16
const batchesInFlight = 5
const compressions = ['none', 'gzip'] as const
const topic = 'bench'

type Compression = (typeof compressions)[number]

function letters(seed: number): string {
  let state = seed * 2_654_435_761 + 1
  return Array.from({ length: valueBytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return String.fromCharCode(65 + ((state >>> 8) % 26))
  }).join('')
}

const values = Array.from({ length: 1_000 }, (_, at) => Buffer.from(letters(at)))

async function kafkajsCpu(compression: Compression): Promise<number> {
  const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING })
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  const type = compression === 'gzip' ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None
  let next = 0
  const send = awaiting(() => {
    const messages = Array.from({ length: batchMessages }, () => ({ value: values[next++ % values.length]! }))
    return producer.send({ topic, acks: -1, compression: type, messages })
  })
  const us = await ownCpu([send], Math.ceil(requests / batchMessages), batchesInFlight)
  await producer.disconnect()
  return us / batchMessages
}

/** CPU of kafka-producer-perf-test for so many messages, in all. */
async function perfTestUs(compression: Compression, messages: number): Promise<number | undefined> {
  const java = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', join(jarFolder, '*')]
  const what = ['--topic', topic, '--num-records', messages, '--payload-file', payload, '--throughput', -1]
  const batches = ['acks=all', 'linger.ms=5', 'batch.size=16384', `compression.type=${compression}`]
  const how = ['--producer-props', `bootstrap.servers=${address}`, ...batches]
  return childCpu('java', [...java, 'org.apache.kafka.tools.ProducerPerformance', ...what, ...how], 1)
}

async function perfTestCpu(compression: Compression): Promise<number | undefined> {
  // what a Java machine needs to start is not what a message costs
  const startUs = await perfTestUs(compression, 1)
  const allUs = await perfTestUs(compression, requests)
  return startUs === undefined || allUs === undefined ? undefined : (allUs - startUs) / requests
}

const folder = await mkdtemp(join(tmpdir(), 'cloudbench-bench-'))
const payload = join(folder, 'payload')
await writeFile(payload, values.map((value) => `${value.toString()}\n`).join(''))
const broker = await startKafka({ 'log.retention.bytes': '268435456', 'log.segment.bytes': '67108864' })
const address = broker.url.replace('kafka://', '')
try {
  await benchFlow(driver, broker.url, { topic }).prepare()
  for (const compression of compressions)
    await compare(compression, {
      driver: () => driverCpu(driver, broker.url, { options: { topic, compression }, requests }),
      kafkajs: () => kafkajsCpu(compression),
      'kafka-producer-perf-test': () => perfTestCpu(compression),
    })
} finally {
  await broker.close()
  await rm(folder, { recursive: true, force: true })
}
