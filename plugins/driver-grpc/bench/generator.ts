import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { driverCpu } from '@cloudbench/fixtures/bench/driver-cpu'
import { ownCpu, stop } from '@cloudbench/fixtures/bench/own-cpu'
import { Client as GrpcClient, credentials } from '@grpc/grpc-js'
import protobuf from 'protobufjs'
import driver from '../src/index.ts'

// one generator of bench/issue.ts, in a process with flags of its own. It is told how many calls to make, and answers
// with the CPU that each cost.

const [way, target, streamsText] = process.argv.slice(2) as ['stub' | 'unary' | 'json', string, string]
const streams = Number(streamsText)

const root = new protobuf.Root()
const folder = fileURLToPath(new URL('../proto', import.meta.url))
const { resolve } = createRequire(import.meta.url)
root.resolvePath = (_origin, path) =>
  /^google\/(api|protobuf\/descriptor)/.test(path) ? resolve(`protobufjs/${path}`) : `${folder}/${path}`
await root.load('cloudbench/demo/v1/library.proto', { keepCase: true })
const request = root.lookupType('cloudbench.demo.v1.GetBookRequest')
const book = root.lookupType('cloudbench.demo.v1.Book')

/** The library as usual: a client, its stub, and messages encoded by the parser's generated code. */
async function stubCpu(requests: number): Promise<number> {
  const client = new GrpcClient(target.replace('grpc://', ''), credentials.createInsecure())
  const send = (done: () => void): void => {
    client.makeUnaryRequest(
      '/cloudbench.demo.v1.Library/GetBook',
      (value: object) => Buffer.from(request.encode(value).finish()),
      (bytes: Buffer) => book.decode(bytes),
      { name: 'shelves/1/books/0af76519-16cd-43dd-8448-eb211c80319c' },
      (error) => (error ? stop(error) : done()),
    )
  }
  const us = await ownCpu([send], requests, streams)
  client.close()
  return us
}

const message = { name: 'shelves/1/books/${uuid}' }
const options = { message, ...(way === 'unary' && { streams }) }
const measure =
  way === 'stub'
    ? stubCpu
    : (requests: number) => driverCpu(driver, target, { workload: way, options, requests })

process.on('message', (requests: number) => void measure(requests).then((us) => process.send!(us)))
process.on('disconnect', () => process.exit(0))
