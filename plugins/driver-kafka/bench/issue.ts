import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs from 'kafkajs'
import { openFlow } from '@cloudbench/testkit/flow'
import driverPlugin from '../src/index.ts'
import { jarFolder, startKafka } from '../test/servers/kafka.ts'

// CPU per message of this driver, of kafkajs as it is usually used, and of kafka-producer-perf-test, against a real
// broker, with batches of 16 KiB, at most 5 of them under way, acknowledged by all replicas:
//   node --conditions=@cloudbench/source bench/issue.ts
// The ways take turns, and the least of the rounds counts, because other work on a machine only ever adds.

const messages = Number(process.argv[2] ?? 200_000)
const rounds = 5
const valueBytes = 1_000
const batchMessages = 16
const batchesInFlight = 5
const compressions = ['none', 'gzip'] as const

type Compression = (typeof compressions)[number]

function letters(seed: number): string {
  let state = seed * 2_654_435_761 + 1
  return Array.from({ length: valueBytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return String.fromCharCode(65 + ((state >>> 8) % 26))
  }).join('')
}

/** CPU microseconds per message of this process, for what it does in the meantime. */
async function cpuUs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / messages
}

async function driver(url: string, compression: Compression): Promise<number> {
  const flow = openFlow(driverPlugin, url, { topic: 'bench', compression }, { atEnd: () => {} })
  const connection = await flow.open()
  const us = await cpuUs(async () => {
    const all = Promise.withResolvers<void>()
    let index = 0
    let left = messages
    const issue = (): void => {
      if (index >= messages) return
      connection.issue!({
        index: index++,
        traceparent: undefined,
        random: Math.random,
        done,
        fail: all.reject,
      })
    }
    const done = (): void => {
      if (--left === 0) all.resolve()
      else issue()
    }
    for (let stream = 0; stream < connection.streams!; stream++) issue()
    await all.promise
  })
  await flow.close()
  return us
}

const values = Array.from({ length: 1_000 }, (_, at) => Buffer.from(letters(at)))

async function client(url: string, compression: Compression): Promise<number> {
  const kafka = new kafkajs.Kafka({
    brokers: [url.replace('kafka://', '')],
    logLevel: kafkajs.logLevel.NOTHING,
  })
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  const type = compression === 'gzip' ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None
  let next = 0
  const us = await cpuUs(async () => {
    const lane = async (): Promise<void> => {
      while (next < messages) {
        const from = next
        next += batchMessages
        const batch = Array.from({ length: batchMessages }, (_, at) => ({
          value: values[(from + at) % values.length]!,
        }))
        await producer.send({ topic: 'bench', acks: -1, compression: type, messages: batch })
      }
    }
    await Promise.all(Array.from({ length: batchesInFlight }, lane))
  })
  await producer.disconnect()
  return us
}

/** CPU microseconds of the children that have ended: fields 16 and 17 of proc_pid_stat(5), in ticks of 10 ms. */
function childCpuUs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  // the name of the program, in parentheses, may have spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * 10_000
}

function perfTest(url: string, compression: Compression, payload: string, records: number): number {
  const before = childCpuUs()
  const { status, stderr } = spawnSync('java', [
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
    '-cp',
    join(jarFolder, '*'),
    'org.apache.kafka.tools.ProducerPerformance',
    '--topic',
    'bench',
    '--num-records',
    String(records),
    '--payload-file',
    payload,
    '--throughput',
    '-1',
    '--producer-props',
    `bootstrap.servers=${url.replace('kafka://', '')}`,
    'acks=all',
    'linger.ms=5',
    'batch.size=16384',
    `compression.type=${compression}`,
  ])
  if (status !== 0) throw new Error(`kafka-producer-perf-test failed: ${String(stderr)}`)
  return childCpuUs() - before
}

const folder = await mkdtemp(join(tmpdir(), 'cloudbench-bench-'))
const payload = join(folder, 'payload')
await writeFile(payload, values.map((value) => `${value.toString()}\n`).join(''))
const broker = await startKafka({ 'log.retention.bytes': '268435456', 'log.segment.bytes': '67108864' })
try {
  const flow = openFlow(driverPlugin, broker.url, { topic: 'bench' }, { atEnd: () => {} })
  await flow.prepare()
  await flow.close()
  for (const compression of compressions) {
    const least = { driver: Infinity, kafkajs: Infinity, perfTest: Infinity }
    const keep = (name: keyof typeof least, us: number): void => {
      least[name] = Math.min(least[name], us)
    }
    for (let round = -1; round < rounds; round++) {
      const own = await driver(broker.url, compression)
      const usual = await client(broker.url, compression)
      // what a Java machine needs to start is not what a message costs
      const startUs = perfTest(broker.url, compression, payload, 1)
      const peer = (perfTest(broker.url, compression, payload, messages) - startUs) / messages
      // the first round only warms up
      if (round < 0) continue
      keep('driver', own)
      keep('kafkajs', usual)
      keep('perfTest', peer)
    }
    process.stdout.write(
      `${compression}: driver ${least.driver.toFixed(2)} µs, kafkajs ${least.kafkajs.toFixed(2)} µs,` +
        ` kafka-producer-perf-test ${least.perfTest.toFixed(2)} µs` +
        ` · driver/kafkajs ${(least.driver / least.kafkajs).toFixed(2)},` +
        ` driver/kafka-producer-perf-test ${(least.driver / least.perfTest).toFixed(2)}\n`,
    )
  }
} finally {
  await broker.close()
  await rm(folder, { recursive: true, force: true })
}
