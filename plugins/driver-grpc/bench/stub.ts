import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { sendFor, stop } from '@cloudbench/fixtures/bench/send-for'
import { Client as Stub, credentials } from '@grpc/grpc-js'
import protobuf from 'protobufjs'

// grpc-js in ordinary use, for bench/issue.ts: a stub, and messages encoded by the code that protobufjs generates.

const [where, inFlight] = process.argv.slice(2) as [string, string]
const root = new protobuf.Root()
const folder = fileURLToPath(new URL('../proto', import.meta.url))
const { resolve } = createRequire(import.meta.url)
root.resolvePath = (_origin, path) =>
  /^google\/(api|protobuf\/descriptor)/.test(path) ? resolve(`protobufjs/${path}`) : `${folder}/${path}`
await root.load('cloudbench/demo/v1/library.proto', { keepCase: true })
const request = root.lookupType('cloudbench.demo.v1.GetBookRequest')
const book = root.lookupType('cloudbench.demo.v1.Book')

const stub = new Stub(where, credentials.createInsecure())
const send = (done: () => void): void => {
  stub.makeUnaryRequest(
    '/cloudbench.demo.v1.Library/GetBook',
    (value: object) => Buffer.from(request.encode(value).finish()),
    (bytes: Buffer) => book.decode(bytes),
    { name: 'shelves/1/books/0af76519-16cd-43dd-8448-eb211c80319c' },
    (error) => (error ? stop(error) : done()),
  )
}
await sendFor([send], Number(inFlight))
stub.close()
