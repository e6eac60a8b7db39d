import { connectionClosed } from '@cloudbench/driver-kit'
import { errorCode, ProtocolFault } from '../../wire/http2/fault.ts'
import { frame, frameType, readUint32, uint32Payload } from '../../wire/http2/frames.ts'

/** For frames that are about the whole connection. */
export function assertConnection(type: number, stream: number): void {
  if (stream !== 0) throw new ProtocolFault(`a frame of type ${type} that names stream ${stream}`)
}

/** For frames that have one length only. */
export function assertLength(type: number, length: number, expected: number): void {
  if (length !== expected)
    throw new ProtocolFault(`a frame of type ${type} with ${length} bytes`, errorCode.frameSize)
}

/** The last frame of a connection. */
export function goAway(code: number): Buffer {
  return frame(frameType.goAway, 0, 0, Buffer.concat([uint32Payload(0), uint32Payload(code)]))
}

const debugLength = 100

/** Why a server leaves, by the payload of `GOAWAY`. */
export function leavingError(bytes: Buffer, from: number, to: number): Error {
  const code = readUint32(bytes, from + 4)
  const debug = bytes
    .toString('latin1', from + 8, Math.min(to, from + 8 + debugLength))
    .replaceAll(/[^ -~]/g, '.')
  const said = [...(code === 0 ? [] : [`error ${code}`]), ...(debug === '' ? [] : [debug])].join(', ')
  return connectionClosed(`the server left the connection (GOAWAY${said === '' ? '' : `: ${said}`})`)
}
