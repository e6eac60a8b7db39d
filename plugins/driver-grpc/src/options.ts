import { clientOption, compileTemplate, count, duration, options, size, tls } from '@cloudbench/driver-kit'
import { z } from '@cloudbench/schema'
import { clients, jsonClients } from './clients.ts'
import { demoService } from './loopback/demo-service.ts'
import { statusNames } from './wire/status.ts'

const statusName = z.enum(statusNames)
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const fileNames = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((one) => [one].flat())

/** JSON whose strings can have generated parts; an unknown one is refused with a suggestion. */
const message = z
  .record(z.string(), z.json())
  .superRefine((value, context) => assertTemplates(value, [], context))

const metadata = z
  .record(z.string(), z.string())
  .superRefine((written, context) => {
    for (const [name, value] of Object.entries(written)) {
      const fault = metadataFault(name, value)
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, path: [name] })
      else assertTemplates(value, [name], context)
    }
  })
  .default({})
  .describe('Metadata of every call, such as authorization. Values can have generated parts')

const expect = options({
  status: z
    .union([statusName, z.array(statusName).min(1)])
    .default('OK')
    .describe('Status that counts as success, such as OK, or a list'),
  message: z
    .record(z.string(), scalar)
    .optional()
    .describe('Values that an answer must have, by path in its JSON form: author.displayName'),
  echo: z
    .record(z.string(), z.string())
    .optional()
    .describe('Fields of an answer that must repeat what was sent, by path: { name: name }'),
  messages: count({ min: 0 }).optional().describe('Number of messages that a stream of answers must have'),
})
  .default({ status: 'OK' })
  .describe('When a call counts as successful. Answers are decoded only with message or echo')

const shape = {
  client: clientOption(clients),
  method: z
    .string()
    .regex(/^\/?[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/, { error: 'is not a method such as shop.v1.Orders/Get' })
    .transform((name) => name.replace(/^\//, ''))
    .default(`${demoService}/GetBook`)
    .describe('The method, as package.Service/Method. Without it, one of the demo service'),
  proto: fileNames
    .optional()
    .describe(
      'The .proto file that declares the method, or a list of files. Without it, reflection is used, except for the demo service',
    ),
  includes: fileNames.default([]).describe('Folders to search for imports of .proto files'),
  message: z
    .union([message, z.array(message).min(1)])
    .optional()
    .describe(
      'The message to send, in the JSON form of protocol buffers; a list is sent in turn. Strings can have generated parts',
    ),
  metadata,
  deadline: duration()
    .optional()
    .describe(
      'How long the server has for a call before it ends as DEADLINE_EXCEEDED: 250ms, 5s. Sent as grpc-timeout',
    ),
  expect,
  authority: z
    .string()
    .regex(/^[\w.~%:[\]-]+$/, { error: 'is not a host, with a port or without one' })
    .optional()
    .describe(
      'Host that calls name as theirs (:authority; host for JSON), such as the name of a service behind a proxy',
    ),
  compression: z
    .enum(['none', 'gzip'])
    .default('none')
    .describe('Whether messages are sent compressed. Compressed answers are always read'),
  streams: count({ max: 10_000 })
    .default(10)
    .describe('Calls that may be in flight on one connection at once'),
  maxMessageBytes: size()
    .default(4_194_304)
    .describe(
      'Size of the largest answer that is accepted: 4MiB; a larger one ends its call as RESOURCE_EXHAUSTED',
    ),
  connectTimeoutMs: duration().default(10_000).describe('How long opening a connection may take: 500ms, 5s'),
  tls: tls('grpcs:// or https://'),
}

/** The options of the workload `unary`. */
export const unaryOptions = options(shape)

/** The options of the workload `stream`. */
export const streamOptions = options({
  ...shape,
  method: shape.method
    .default(`${demoService}/ExchangeBooks`)
    .describe('The method, as package.Service/Method. Without it, one of the demo service'),
  messages: count({ min: 0, max: 1_000_000 })
    .default(10)
    .describe('Number of messages in a stream of requests'),
  lockstep: z
    .boolean()
    .default(false)
    .describe('Whether each message of a two-way stream waits for the answer to the previous one'),
})

/** The options of the workload `json`. */
export const jsonOptions = options({
  ...shape,
  client: clientOption(jsonClients),
  streams: shape.streams
    .default(1)
    .describe('Requests that may be in flight on one connection at once, pipelined'),
  compression: z
    .enum(['none'])
    .default('none')
    .describe('Bodies in JSON form are not compressed, so there is no other value'),
  jsonUrl: z
    .url({ protocol: /^https?$/, error: 'is not an http url' })
    .optional()
    .describe('Url of the HTTP/JSON gateway, with its path prefix. Without it, the target'),
  metadataPrefix: z
    .string()
    .regex(/^[\w-]*$/, { error: 'must consist of letters, digits and -' })
    .default('')
    .describe(
      'Prefix of metadata names, such as Grpc-Metadata- for grpc-gateway. Not used for authorization',
    ),
})

export type UnaryOptions = z.output<typeof unaryOptions>
export type StreamOptions = z.output<typeof streamOptions>
export type JsonOptions = z.output<typeof jsonOptions>
/** The options that all workloads share. */
export type GrpcOptions = Omit<UnaryOptions, 'client'> & {
  readonly client: (UnaryOptions | JsonOptions)['client']
}
export type ExpectOptions = GrpcOptions['expect']

/** Names that belong to the protocol. */
const ownNames = /^(grpc-.*|te|content-type|content-length|connection|host|user-agent|transfer-encoding)$/

function metadataFault(name: string, value: string): string | undefined {
  if (!/^[0-9a-z_.-]+$/.test(name))
    return 'is not a metadata name: only lower-case letters, digits, _ . and - are allowed'
  if (ownNames.test(name)) return 'is written by the driver'
  if (name.endsWith('-bin'))
    return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? undefined : 'must be base64, because its name ends in -bin'
  return /^[\u0020-\u007E]*$/.test(value) ? undefined : 'must be one line of printable ASCII'
}

function assertTemplates(value: unknown, path: PropertyKey[], context: z.RefinementCtx): void {
  if (typeof value === 'string')
    try {
      compileTemplate(value)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message, path })
    }
  else if (typeof value === 'object' && value !== null)
    for (const [key, entry] of Object.entries(value)) assertTemplates(entry, [...path, key], context)
}
