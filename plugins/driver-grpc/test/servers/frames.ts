import type { Socket } from 'node:net'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { literalField, indexedField } from '../../src/wire/http2/field-writer.ts'
import { flag, frame, frameType, readUint31, settingsPayload } from '../../src/wire/http2/frames.ts'

/** A frame that a client has sent. */
export interface SentFrame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

/** Hands a client whatever a test has made up. */
export interface FrameServer {
  readonly target: string
  /** What clients have sent, in order. */
  readonly sent: readonly SentFrame[]
  /** What the last client has sent after its preface. */
  write(...bytes: readonly Buffer[]): void
  end(): void
}

const prefaceBytes = 24

/** A block without compression. */
export function block(fields: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(Object.entries(fields).map(([name, value]) => literalField(name, value)))
}

export const okBlock: Buffer = Buffer.concat([indexedField(8), literalField(31, 'application/grpc')])
export const okTrailers: Buffer = block({ 'grpc-status': '0' })

export function headers(stream: number, bytes: Buffer, flags: number = flag.endHeaders): Buffer {
  return frame(frameType.headers, flags, stream, bytes)
}

export function data(stream: number, bytes: Buffer, flags = 0): Buffer {
  return frame(frameType.data, flags, stream, bytes)
}

/** The whole answer to a call with one message. */
export function answerTo(stream: number, body: Buffer): Buffer {
  return Buffer.concat([
    headers(stream, okBlock),
    data(stream, body),
    headers(stream, okTrailers, flag.endHeaders | flag.endStream),
  ])
}

/** Health is not known to the server, which shows that it speaks gRPC. */
const unimplemented = block({ ':status': '200', 'content-type': 'application/grpc', 'grpc-status': '12' })

export interface FrameServerOptions {
  /** What it begins with. */
  readonly settings?: Parameters<typeof settingsPayload>[0]
  /** Called for the head of each call but the first on a connection, which asks for its health. */
  readonly onCall?: (server: FrameServer, stream: number) => void
  readonly onFrame?: (server: FrameServer, frame: SentFrame) => void
}

/** A server that speaks HTTP/2 by frames of a test, which ends it. */
export async function frameServer({
  settings = [],
  onCall,
  onFrame,
}: FrameServerOptions): Promise<FrameServer> {
  const sent: SentFrame[] = []
  let last: Socket | undefined
  const { target } = await tcpServer('grpc', (socket) => {
    last = socket
    let kept = Buffer.alloc(0)
    let isBegun = false
    socket.on('error', () => {})
    socket.write(frame(frameType.settings, 0, 0, settingsPayload(settings)))
    socket.on('data', (bytes: Buffer) => {
      kept = Buffer.concat([kept, bytes])
      if (!isBegun && kept.length >= prefaceBytes) {
        kept = kept.subarray(prefaceBytes)
        isBegun = true
      }
      if (!isBegun) return
      for (let one = takeFrame(kept); one !== undefined; one = takeFrame(kept)) {
        kept = kept.subarray(9 + one.payload.length)
        sent.push(one)
        onFrame?.(server, one)
        if (one.type !== frameType.headers) continue
        if (one.stream === 1) socket.write(headers(1, unimplemented, flag.endHeaders | flag.endStream))
        else onCall?.(server, one.stream)
      }
    })
  })
  const server: FrameServer = {
    target,
    sent,
    write: (...bytes) => void last!.write(Buffer.concat(bytes)),
    end: () => void last!.end(),
  }
  return server
}

function takeFrame(bytes: Buffer): SentFrame | undefined {
  if (bytes.length < 9) return undefined
  const length = bytes.readUIntBE(0, 3)
  if (bytes.length < 9 + length) return undefined
  return {
    type: bytes[3]!,
    flags: bytes[4]!,
    stream: readUint31(bytes, 5),
    payload: bytes.subarray(9, 9 + length),
  }
}
