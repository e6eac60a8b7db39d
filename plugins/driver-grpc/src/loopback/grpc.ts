import { fromBinary, toBinary, type Message } from '@bufbuild/protobuf'
import type { Behaviour } from '@cloudbench/driver-kit/loopback'
import {
  Server,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { decode, type Demo } from './demo.ts'
import type { Method } from '../wire/method.ts'
import { status } from '../wire/status.ts'

const failure = { code: status.internal, details: 'requested failure' }

/** A gRPC server with the demo service; it is not listening yet. */
export function createDemoServer(demo: Demo, behaviour: Behaviour): Server {
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    'grpc.enable_channelz': 0,
  })
  const definition: Record<string, MethodDefinition<Message, Message>> = {}
  const handlers: UntypedServiceImplementation = {}
  for (const method of demo.methods) {
    definition[method.path] = {
      path: method.path,
      requestStream: method.kind === 'client_streaming' || method.kind === 'bidi_streaming',
      responseStream: method.kind === 'server_streaming' || method.kind === 'bidi_streaming',
      requestSerialize: (message: Message) => Buffer.from(toBinary(method.input, message)),
      requestDeserialize: (bytes: Buffer) => decode(method, bytes),
      responseSerialize: (message: Message) => Buffer.from(toBinary(method.output, message)),
      responseDeserialize: (bytes: Buffer) => fromBinary(method.output, bytes),
    }
    handlers[method.path] = handlerOf(method, demo, behaviour)
  }
  server.addService(definition, handlers)
  return server
}

function handlerOf(method: Method, demo: Demo, behaviour: Behaviour): UntypedServiceImplementation[string] {
  switch (method.kind) {
    case 'unary':
      return ((call, callback) =>
        answerOnce([call.request], method, demo, behaviour, callback)) satisfies Unary
    case 'server_streaming':
      return ((call) => answerMany([call.request], call, method, demo, behaviour)) satisfies ServerStream
    case 'client_streaming':
      return ((call, callback) => {
        const requests: Message[] = []
        call.on('data', (request) => requests.push(request))
        call.on('end', () => answerOnce(requests, method, demo, behaviour, callback))
      }) satisfies handleClientStreamingCall<Message, Message>
    case 'bidi_streaming':
      return ((call) => {
        // every message is answered on arrival, so that clients can wait for the answer before sending the next
        call.on('data', (request) => {
          for (const message of demo.answer(method, [request]).messages) call.write(message)
        })
        call.on('end', () => behaviour.admit((isFailure) => (isFailure ? fail(call) : call.end())))
      }) satisfies handleBidiStreamingCall<Message, Message>
  }
}

type Unary = handleUnaryCall<Message, Message>
type ServerStream = handleServerStreamingCall<Message, Message>

function answerOnce(
  requests: readonly Message[],
  method: Method,
  demo: Demo,
  behaviour: Behaviour,
  callback: Parameters<Unary>[1],
): void {
  behaviour.admit((isFailure) => {
    const { code, details, messages } = isFailure
      ? { ...failure, messages: [] }
      : demo.answer(method, requests)
    if (code === status.ok) callback(null, messages[0])
    else callback(Object.assign(new Error(details), { code, details }), null)
  })
}

function answerMany(
  requests: readonly Message[],
  call: Parameters<ServerStream>[0],
  method: Method,
  demo: Demo,
  behaviour: Behaviour,
): void {
  behaviour.admit((isFailure) => {
    if (isFailure) return fail(call)
    for (const message of demo.answer(method, requests).messages) call.write(message)
    call.end()
  })
}

function fail(
  call: Parameters<ServerStream>[0] | Parameters<handleBidiStreamingCall<Message, Message>>[0],
): void {
  call.emit('error', failure)
}
