import { awaiting, sendFor } from '@cloudbench/fixtures/bench/send-for'
import kafkajs from 'kafkajs'
import { batchesInFlight, batchMessages, topic, values } from './load.ts'

// kafkajs in ordinary use, for bench/issue.ts: a request is an `await producer.send()` of a batch.

const [address, compression] = process.argv.slice(2) as [string, string]
const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING })
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
await producer.connect()
const type = compression === 'gzip' ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None
let next = 0
const send = awaiting(() => {
  const messages = Array.from({ length: batchMessages }, () => ({ value: values[next++ % values.length]! }))
  return producer.send({ topic, acks: -1, compression: type, messages })
})
await sendFor([send], batchesInFlight)
await producer.disconnect()
