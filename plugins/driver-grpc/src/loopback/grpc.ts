import { fromBinary, toBinary, type DescMessage, type Message } from '@bufbuild/protobuf'
import type { Behaviour } from '@cloudbench/driver-kit/loopback'
import { Server, type handleBidiStreamingCall } from '@grpc/grpc-js'
import type { Method } from '../wire/method.ts'
import { status } from '../wire/status.ts'
import type { Demo } from './demo.ts'

type Handler = handleBidiStreamingCall<Message, Message>

const failure = { code: status.internal, details: 'requested failure', messages: [] }

/** A gRPC server with the demo service; it is not listening yet. */
export function createDemoServer(demo: Demo, behaviour: Behaviour): Server {
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    'grpc.enable_channelz': 0,
  })
  for (const method of demo.methods) serveMethod(server, method, handlerOf(method, demo, behaviour))
  return server
}

/** Serves every kind of method as streams both ways, since a single message looks the same on the wire. */
export function serveMethod(
  server: Server,
  { path, input, output }: Pick<Method, 'path' | 'input' | 'output'>,
  handler: Handler,
): void {
  const definition = {
    path,
    requestStream: true,
    responseStream: true,
    requestSerialize: encoderOf(input),
    requestDeserialize: decoderOf(input),
    responseSerialize: encoderOf(output),
    responseDeserialize: decoderOf(output),
  }
  server.addService({ [path]: definition }, { [path]: handler })
}

function encoderOf(type: DescMessage): (message: Message) => Buffer {
  return (message) => Buffer.from(toBinary(type, message))
}

function decoderOf(type: DescMessage): (bytes: Buffer) => Message {
  return (bytes) => fromBinary(type, bytes)
}

function handlerOf(method: Method, demo: Demo, behaviour: Behaviour): Handler {
  return (call) => {
    const requests: Message[] = []
    call.on('data', (request: Message) => {
      if (method.kind !== 'bidi_streaming') requests.push(request)
      // answered on arrival, so that clients can wait for the answer before sending the next
      else for (const message of demo.answer(method, [request]).messages) call.write(message)
    })
    call.on('end', () => {
      behaviour.admit((isFailure) => {
        const { code, details, messages } = isFailure ? failure : demo.answer(method, requests)
        if (code !== status.ok) {
          call.emit('error', { code, details })
          return
        }
        for (const message of messages) call.write(message)
        call.end()
      })
    })
  }
}
