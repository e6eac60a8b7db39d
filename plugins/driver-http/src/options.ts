import {
  clientOption,
  compileJson,
  compileTemplate,
  count,
  duration,
  options,
  tls,
} from '@cloudbench/driver-kit'
import { z } from '@cloudbench/schema'
import { clients } from './clients.ts'

const statusCode = z.int().min(200).max(599)
const statusClass = z.enum(['2xx', '3xx', '4xx', '5xx'])
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** A string that can have generated parts; an unknown one is refused with a suggestion. */
const template = z.string().superRefine((text, context) => report(context, () => compileTemplate(text)))

const path = template.refine((text) => /^\/[\u0021-\u007E]*$/.test(text), {
  error: 'must begin with / and be percent-encoded, without spaces',
})

/** What every client writes itself. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

const headerValue = template.regex(/^[\t\u0020-\u007E\u0080-\u00FF]*$/, {
  error: 'must be one line of Latin-1 characters',
})

const headers = z
  .record(z.string(), headerValue)
  .superRefine((written, context) => {
    for (const name of Object.keys(written)) {
      const fault = headerFault(name)
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, path: [name] })
    }
  })
  .default({})
  .describe('Headers of every request. Values can have generated parts')

const body = z
  .json()
  .superRefine((value, context) =>
    report(context, () => (typeof value === 'string' ? compileTemplate(value) : compileJson(value))),
  )

const expect = options({
  status: z
    .union([statusCode, statusClass, z.array(z.union([statusCode, statusClass])).min(1)])
    .default('2xx')
    .describe('Status codes that count as success: 200, 2xx, or a list'),
  body: options({
    contains: z.string().optional().describe('Text that the body of an answer must contain'),
    equals: z.string().optional().describe('Text that the body of an answer must equal'),
    json: z
      .record(z.string(), scalar)
      .optional()
      .describe('Values that a JSON answer must have, by path: items.0.name'),
  })
    .optional()
    .describe('What the body of an answer must be. Bodies are kept in memory only with this option'),
})
  .default({ status: '2xx' })
  .describe('When a request counts as successful')

const shape = {
  client: clientOption(clients)
    .unwrap()
    .optional()
    .describe(
      'What speaks to the target: wire, frames that cost the generator least, or undici as applications use it; undici with proxy',
    ),
  method: z
    .string()
    .regex(/^[A-Za-z]+$/, { error: 'is not a method such as GET' })
    .transform((method) => method.toUpperCase())
    .refine((method) => method !== 'CONNECT', { error: 'CONNECT is not supported' })
    .default('GET')
    .describe('Method of every request'),
  path: path.optional().describe('Path and query, after the path of the target. Can have generated parts'),
  headers,
  body: body
    .optional()
    .describe('Body of every request: a string as it is, anything else as JSON. Can have generated parts'),
  expect,
  pipelining: count({ max: 1_000 })
    .default(1)
    .describe('Requests that may be in flight on one connection at once'),
  keepAlive: z
    .boolean()
    .default(true)
    .describe('Whether requests share connections; false opens one per request'),
  connectTimeoutMs: duration().default(10_000).describe('How long opening a connection may take: 500ms, 5s'),
  proxy: z
    .string()
    .min(1)
    .optional()
    .describe('Proxy to go through: its url, or env for what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say'),
  tls: tls('https://'),
}

type ClientName = keyof typeof clients

interface Common {
  readonly client?: ClientName | undefined
  readonly keepAlive: boolean
  readonly pipelining: number
  readonly proxy?: string | undefined
}

function oneAtATime({ keepAlive, pipelining }: Common): boolean {
  return keepAlive || pipelining === 1
}

const contradiction = { error: 'pipelining needs keepAlive', path: ['pipelining'] }

function isDirect({ client, proxy }: Common): boolean {
  return client !== 'wire' || proxy === undefined
}

const notDirect = {
  error: 'wire opens no connection through a proxy: write undici, or leave client out',
  path: ['client'],
}

/** What the default client cannot do is undici's. */
function withClient<Options extends Common>(written: Options): Options & { readonly client: ClientName } {
  const { client = written.proxy === undefined ? 'wire' : 'undici' } = written
  return { ...written, client }
}

/** The options of the workload `request`. */
export const requestOptions = options({
  ...shape,
  bodyFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A file that is the body of every request, byte for byte. From the folder of the configuration',
    ),
})
  .refine(oneAtATime, contradiction)
  .refine(({ body: text, bodyFile }) => text === undefined || bodyFile === undefined, {
    error: 'body and bodyFile exclude each other',
    path: ['bodyFile'],
  })
  .refine(isDirect, notDirect)
  .transform(withClient)

/** The options of the workload `json-api`: the same, with other defaults. */
export const jsonApiOptions = options({
  ...shape,
  method: shape.method.unwrap().default('POST').describe('Method of every request'),
  path: path
    .default('/v1/data')
    .describe('Path and query, after the path of the target. Can have generated parts'),
  body: body
    .default({ id: '${uuid}' })
    .describe('Body of every request: a string as it is, anything else as JSON. Can have generated parts'),
})
  .refine(oneAtATime, contradiction)
  .refine(isDirect, notDirect)
  .transform(withClient)

export type HttpOptions = z.output<typeof requestOptions>
export type ExpectOptions = HttpOptions['expect']

function headerFault(name: string): string | undefined {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return 'is not a header name'
  if (!ownHeaders.has(name.toLowerCase())) return undefined
  return 'is written by the driver; for `connection: close`, set keepAlive to false'
}

function report(context: z.RefinementCtx, compile: () => unknown): void {
  try {
    compile()
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
}
