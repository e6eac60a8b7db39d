import { fileURLToPath } from 'node:url'
import type { FileRegistry } from '@bufbuild/protobuf'
import { readProtoFiles } from '../wire/proto-files.ts'

/** The service of the loopback server, called by flows that name no method. */
export const demoService = 'cloudbench.demo.v1.Library'

/** What flows send to its methods by default. */
export const demoMessages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [`${demoService}/GetBook`]: { name: 'shelves/${int:1:9}/books/${uuid}' },
  [`${demoService}/ExchangeBooks`]: { name: 'shelves/${int:1:9}/books/${uuid}' },
}

const folder = fileURLToPath(new URL('../../proto', import.meta.url))
const file = fileURLToPath(new URL('../../proto/cloudbench/demo/v1/library.proto', import.meta.url))

/** Its declaration. */
export function readDemo(): FileRegistry {
  return readProtoFiles([file], [folder])
}
