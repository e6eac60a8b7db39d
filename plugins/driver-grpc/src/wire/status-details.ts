import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

/** `google.rpc.Status`, which servers send beside their status: its message, and what each of its details is. */
export interface StatusDetails {
  readonly message: string
  /** Such as `google.rpc.ErrorInfo QUOTA_SPENT`. */
  readonly details: readonly string[]
}

const errorInfo = 'google.rpc.ErrorInfo'

/** Reads the metadata `grpc-status-details-bin`; `undefined` when it holds something else. */
export function readStatusDetails(bytes: Uint8Array): StatusDetails | undefined {
  try {
    const fields = textFieldsOf(bytes)
    return {
      message: textOf(fields.get(2)?.[0]),
      details: (fields.get(3) ?? []).map((any) => {
        const [type, value] = [textFieldsOf(any).get(1)?.[0], textFieldsOf(any).get(2)?.[0]]
        const name = textOf(type).split('/').at(-1)!
        const reason =
          name === errorInfo && value !== undefined ? textOf(textFieldsOf(value).get(1)?.[0]) : ''
        return reason === '' ? name : `${name} ${reason}`
      }),
    }
  } catch {
    return undefined
  }
}

/** The fields of a message that have a length, by number. */
function textFieldsOf(bytes: Uint8Array): ReadonlyMap<number, readonly Uint8Array[]> {
  const reader = new BinaryReader(bytes)
  const fields = new Map<number, Uint8Array[]>()
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    if (type === WireType.LengthDelimited) fields.set(number, [...(fields.get(number) ?? []), reader.bytes()])
    else reader.skip(type, number)
  }
  return fields
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString()
}
