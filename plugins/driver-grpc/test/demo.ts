import { fileURLToPath } from 'node:url'

const protoFolder = fileURLToPath(new URL('../proto', import.meta.url))

/** Where the demo service is declared, as options name it. */
export const demoFiles = { proto: `${protoFolder}/cloudbench/demo/v1/library.proto`, includes: protoFolder }

/** Names of its methods, as options name them. */
export function demoMethod(name: string): string {
  return `cloudbench.demo.v1.Library/${name}`
}

/** A message with every kind of field. */
export const everyFile = fileURLToPath(new URL('fixtures/every.proto', import.meta.url))
