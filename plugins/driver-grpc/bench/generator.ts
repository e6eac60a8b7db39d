import { Client as GrpcClient, credentials } from '@grpc/grpc-js'
import protobuf from 'protobufjs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { openFlow } from '@cloudbench/testkit/flow'
import driver from '../src/index.ts'

// One generator of bench/issue.ts, in a process with flags of its own. It is told how many calls to make, and answers
// with the CPU they cost.

/** Makes one call; calls back when it is answered. */
type Send = (done: () => void) => void

const [way, target, streamsText] = process.argv.slice(2) as [string, string, string]
const streams = Number(streamsText)
const message = { name: 'shelves/1/books/0af76519-16cd-43dd-8448-eb211c80319c' }

async function issue(workload: 'unary' | 'json'): Promise<Send> {
  const options = { message: { name: 'shelves/1/books/${uuid}' }, ...(workload === 'unary' && { streams }) }
  const connection = await openFlow(driver, target, options, { workload, atEnd: () => {} }).open()
  let index = 0
  return (done) => {
    connection.issue?.({ index: index++, traceparent: undefined, random: Math.random, done, fail: stop })
  }
}

/** The library as usual: a client, its stub, and messages encoded by the parser's generated code. */
async function stub(): Promise<Send> {
  const root = new protobuf.Root()
  const folder = fileURLToPath(new URL('../proto', import.meta.url))
  const { resolve } = createRequire(import.meta.url)
  root.resolvePath = (_origin, path) =>
    /^google\/(api|protobuf\/descriptor)/.test(path) ? resolve(`protobufjs/${path}`) : `${folder}/${path}`
  await root.load('cloudbench/demo/v1/library.proto', { keepCase: true })
  const request = root.lookupType('cloudbench.demo.v1.GetBookRequest')
  const book = root.lookupType('cloudbench.demo.v1.Book')
  const client = new GrpcClient(target.replace('grpc://', ''), credentials.createInsecure())
  return (done) => {
    client.makeUnaryRequest(
      '/cloudbench.demo.v1.Library/GetBook',
      (value: object) => Buffer.from(request.encode(value).finish()),
      (bytes: Buffer) => book.decode(bytes),
      message,
      (error) => {
        if (error) stop(error)
        done()
      },
    )
  }
}

function stop(error: unknown): never {
  throw error
}

const send = await (way === 'stub' ? stub() : issue(way as 'unary' | 'json'))
const inFlight = way === 'json' ? 1 : streams

/** CPU microseconds per call of this process. */
async function measure(calls: number): Promise<number> {
  const before = process.cpuUsage()
  await new Promise<void>((resolve) => {
    let left = calls
    let busy = inFlight
    const fire = (): void => {
      if (left-- > 0) send(fire)
      else if (--busy === 0) resolve()
    }
    for (let stream = 0; stream < inFlight; stream++) fire()
  })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

process.on('message', (calls: number) => {
  void measure(calls).then((us) => process.send!(us))
})
process.on('disconnect', () => process.exit(0))
process.send!('ready')
