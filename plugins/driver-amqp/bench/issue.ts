import { ownWay, numberIn, scriptWay } from '@cloudbench/fixtures/bench/own-way'
import { benchHeader, benchRow } from '@cloudbench/fixtures/bench/row'
import type { Way } from '@cloudbench/fixtures/bench/way'
import { connect } from 'amqplib'
import { startRabbit } from '../test/servers/rabbit-process.ts'
import { buildGoClient } from './go-amqp.ts'

// CPU per message of this driver, of rhea as its README shows it, and of the Go client, against a real RabbitMQ:
//   node --conditions=@cloudbench/source bench/issue.ts

const queue = 'cloudbench-bench'
const address = `/amq/queue/${queue}`
const size = 256
const broker = await startRabbit()
await createQueue()
const goClient = buildGoClient()

/** Messages that no one receives are dropped, so that the queue stays short. An audit would receive them all. */
async function createQueue(): Promise<void> {
  const connection = await connect(broker.userUrl)
  const channel = await connection.createChannel()
  await channel.assertQueue(queue, { durable: false, maxLength: 10_000 })
  await connection.close()
}

function own(workload: string, connections: number, depth: number): Way {
  const options = {
    client: 'wire',
    queue,
    create: false,
    durable: false,
    size: `${size}B`,
    pipelining: depth,
  }
  return ownWay({ driver: 'amqp', url: broker.userUrl, workload, options, connections })
}

function go(connections: number, depth: number): Way {
  return {
    program: goClient,
    args: (seconds) => [broker.url, address, connections, depth, size, seconds],
    requests: numberIn(/(\d+) requests/),
  }
}

function rhea(workload: string, connections: number, depth: number): Way {
  const script = new URL('rhea.ts', import.meta.url)
  return scriptWay(script, broker.url, address, workload, connections, depth, size)
}

benchHeader()
await benchRow({
  name: 'send, pipelining 32, 4 connections',
  // the broker is slow, and what a run costs before it sends is not always the same
  seconds: 4,
  own: own('send', 4, 32),
  others: {
    rhea: { way: rhea('send', 4, 32), goal: 0.4 },
    'Go (Azure/go-amqp)': { way: go(4, 32), goal: 1 },
  },
})
await benchRow({
  name: 'send-receive, pipelining 32, 4 connections',
  own: own('send-receive', 4, 32),
  others: { rhea: { way: rhea('send-receive', 4, 32) } },
})
await broker.end()
