import { z } from 'zod'
import { demoService } from './loopback/demo-service.ts'
import { durationMs } from './duration.ts'
import { statusNames } from './wire/status.ts'
import { compileTemplate } from '@cloudbench/driver-kit'

const statusName = z.enum(statusNames)
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const fileNames = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((one) => [one].flat())

/** JSON whose texts may have generated parts; refused with a suggestion when one of them does not exist. */
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
  .describe('Metadata of every call, such as authorization. Values may have generated parts')

const expect = z
  .strictObject({
    status: z
      .union([statusName, z.array(statusName).min(1)])
      .default('OK')
      .describe('The status that counts as success, such as OK, or a list of such'),
    message: z
      .record(z.string(), scalar)
      .optional()
      .describe(
        'Values that an answer must have, by dotted path as its JSON form has them: author.displayName',
      ),
    echo: z
      .record(z.string(), z.string())
      .optional()
      .describe('Fields of an answer that must repeat what was sent, by dotted path: { name: name }'),
    messages: z.int().min(0).optional().describe('How many messages a stream of answers must have'),
  })
  .default({ status: 'OK' })
  .describe('When a call counts as successful. Answers are decoded only when message or echo is given')

const pem = z.string().min(1)

const tls = z
  .strictObject({
    ca: pem
      .optional()
      .describe('Certificate authorities to trust instead of the usual ones: PEM text or a file'),
    cert: pem.optional().describe('Client certificate: PEM text or a file'),
    key: pem.optional().describe('Key of the client certificate: PEM text or a file'),
    servername: z
      .string()
      .optional()
      .describe('Name to ask for and to verify, instead of the host in the url'),
    rejectUnauthorized: z
      .boolean()
      .default(true)
      .describe('Whether certificates are verified. Only turn it off against a machine of your own'),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'cert and key belong together',
  })
  .optional()
  .describe('TLS, for targets that begin with grpcs:// or https://')

const duration = z.union([z.number(), z.string()]).transform((written, context) => {
  const limitMs = durationMs(written)
  if (limitMs !== undefined) return limitMs
  context.addIssue({ code: 'custom', message: 'is not a duration, such as 500ms, 5s or 2000 (milliseconds)' })
  return z.NEVER
})

const shape = {
  method: z
    .string()
    .regex(/^\/?[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/, { error: 'is not a method, such as shop.v1.Orders/Get' })
    .transform((name) => name.replace(/^\//, ''))
    .default(`${demoService}/GetBook`)
    .describe('The method to call, as package.Service/Method. Without it, one of the demo service'),
  proto: fileNames
    .optional()
    .describe(
      'The .proto file, or files, that declare the method. Without it, the server is asked by reflection, but for the demo service',
    ),
  includes: fileNames.default([]).describe('Folders that imports of .proto files are looked for in'),
  message: z
    .union([message, z.array(message).min(1)])
    .optional()
    .describe(
      'The message to send, in the JSON form of protocol buffers; a list is sent in turns. Texts may have generated parts',
    ),
  metadata,
  deadline: duration
    .optional()
    .describe(
      'How long the server has for a call; then it ends as DEADLINE_EXCEEDED. Sent along as grpc-timeout',
    ),
  expect,
  streams: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe('Calls that may be in flight on one connection at once'),
  maxMessageBytes: z
    .int()
    .min(1)
    .default(4_194_304)
    .describe('The largest answer that is accepted; a larger one ends its call as RESOURCE_EXHAUSTED'),
  connectTimeoutMs: duration
    .default(10_000)
    .describe('How long opening a connection may take: milliseconds, or a duration such as 5s'),
  tls,
}

/** What can be set on the workload `unary`. */
export const unaryOptions = z.strictObject(shape)

/** What can be set on the workload `stream`. */
export const streamOptions = z.strictObject({
  ...shape,
  method: shape.method
    .default(`${demoService}/ExchangeBooks`)
    .describe('The method to call, as package.Service/Method. Without it, one of the demo service'),
  messages: z.int().min(0).max(1_000_000).default(10).describe('How many messages a stream of requests has'),
  lockstep: z
    .boolean()
    .default(false)
    .describe('Whether every message of a two-way stream waits for the answer to the one before'),
})

/** What can be set on the workload `json`. */
export const jsonOptions = z.strictObject({
  ...shape,
  streams: shape.streams
    .default(1)
    .describe('Requests that may be in flight on one connection at once, pipelined'),
  jsonUrl: z
    .url({ protocol: /^https?$/, error: 'is not an http url' })
    .optional()
    .describe(
      'Where the HTTP/JSON front is, with any path that it is under. Without it, on the port of the target',
    ),
  metadataPrefix: z
    .string()
    .regex(/^[\w-]*$/, { error: 'must be letters, digits and -' })
    .default('')
    .describe(
      'What the front wants before names of metadata, such as Grpc-Metadata-; never before authorization',
    ),
})

export type UnaryOptions = z.output<typeof unaryOptions>
export type StreamOptions = z.output<typeof streamOptions>
export type JsonOptions = z.output<typeof jsonOptions>
/** What all workloads have in common. */
export type GrpcOptions = UnaryOptions
export type TlsOptions = NonNullable<GrpcOptions['tls']>
export type ExpectOptions = GrpcOptions['expect']

/** Names that belong to the protocol. */
const ownNames = /^(grpc-.*|te|content-type|content-length|connection|host|user-agent|transfer-encoding)$/

function metadataFault(name: string, value: string): string | undefined {
  if (!/^[0-9a-z_.-]+$/.test(name))
    return 'is not a name of metadata: lower-case letters, digits, _ . and - only'
  if (ownNames.test(name)) return 'is written by the driver'
  if (name.endsWith('-bin'))
    return /^[A-Za-z0-9+/]*={0,2}$/.test(value)
      ? undefined
      : 'must be base64, as every value whose name ends in -bin'
  return /^[\u0020-\u007E]*$/.test(value) ? undefined : 'must be one line of printable ASCII'
}

function assertTemplates(value: unknown, path: PropertyKey[], context: z.RefinementCtx): void {
  if (typeof value === 'string') {
    try {
      compileTemplate(value)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message, path })
    }
  } else if (typeof value === 'object' && value !== null)
    for (const [key, entry] of Object.entries(value)) assertTemplates(entry, [...path, key], context)
}
