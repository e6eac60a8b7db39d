import { z } from 'zod'
import { durationMs } from './duration.ts'
import { compileJson, compileTemplate } from '@cloudbench/driver-kit'

const statusCode = z.int().min(200).max(599)
const statusClass = z.enum(['2xx', '3xx', '4xx', '5xx'])
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** A text that may have generated parts; refused with a suggestion when one of them does not exist. */
const template = z.string().superRefine((text, context) => report(context, () => compileTemplate(text)))

const path = template.refine((text) => /^\/[\u0021-\u007E]*$/.test(text), {
  error: 'must begin with / and be percent-encoded, without spaces',
})

/** undici writes these itself. */
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
  .describe('Headers of every request. Values may have generated parts')

const body = z
  .json()
  .superRefine((value, context) =>
    report(context, () => (typeof value === 'string' ? compileTemplate(value) : compileJson(value))),
  )

const expect = z
  .strictObject({
    status: z
      .union([statusCode, statusClass, z.array(z.union([statusCode, statusClass])).min(1)])
      .default('2xx')
      .describe('The status codes that count as success: 200, 2xx, or a list of such'),
    body: z
      .strictObject({
        contains: z.string().optional().describe('Text that the body of an answer must have in it'),
        equals: z.string().optional().describe('Text that the body of an answer must be'),
        json: z
          .record(z.string(), scalar)
          .optional()
          .describe('Values that the JSON body of an answer must have, by dotted path: items.0.name'),
      })
      .optional()
      .describe('What the body of an answer must be like. Bodies are kept in memory only when this is given'),
  })
  .default({ status: '2xx' })
  .describe('When a request counts as successful')

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
  .describe('TLS, for targets that begin with https://')

const shape = {
  method: z
    .string()
    .regex(/^[A-Za-z]+$/, { error: 'is not a method, such as GET' })
    .transform((method) => method.toUpperCase())
    .refine((method) => method !== 'CONNECT', { error: 'CONNECT is not supported' })
    .default('GET')
    .describe('Method of every request'),
  path: path.optional().describe('Path and query, after the path of the target. May have generated parts'),
  headers,
  body: body
    .optional()
    .describe('Body of every request: text as it is, anything else as JSON. May have generated parts'),
  expect,
  pipelining: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe('Requests that may be in flight on one connection at once'),
  keepAlive: z
    .boolean()
    .default(true)
    .describe('Whether requests share connections; false opens one for each'),
  connectTimeoutMs: z
    .union([z.number(), z.string()])
    .transform((written, context) => {
      const limitMs = durationMs(written)
      if (limitMs !== undefined) return limitMs
      context.addIssue({
        code: 'custom',
        message: 'is not a duration, such as 500ms, 5s or 2000 (milliseconds)',
      })
      return z.NEVER
    })
    .default(10_000)
    .describe('How long opening a connection may take: milliseconds, or a duration such as 5s'),
  tls,
}

function oneAtATime({
  keepAlive,
  pipelining,
}: {
  readonly keepAlive: boolean
  readonly pipelining: number
}): boolean {
  return keepAlive || pipelining === 1
}

const contradiction = { error: 'pipelining needs keepAlive', path: ['pipelining'] }

/** What can be set on the workload `request`. */
export const requestOptions = z.strictObject(shape).refine(oneAtATime, contradiction)

/** What can be set on the workload `json-api`: the same, with other defaults. */
export const jsonApiOptions = z
  .strictObject({
    ...shape,
    method: shape.method.unwrap().default('POST').describe('Method of every request'),
    path: path
      .default('/v1/data')
      .describe('Path and query, after the path of the target. May have generated parts'),
    body: body
      .default({ id: '${uuid}' })
      .describe('Body of every request: text as it is, anything else as JSON. May have generated parts'),
  })
  .refine(oneAtATime, contradiction)

export type HttpOptions = z.output<typeof requestOptions>
export type TlsOptions = NonNullable<HttpOptions['tls']>
export type ExpectOptions = HttpOptions['expect']

function headerFault(name: string): string | undefined {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return 'is not a header name'
  if (!ownHeaders.has(name.toLowerCase())) return undefined
  return 'is written by the driver; for `connection: close` set keepAlive to false'
}

function report(context: z.RefinementCtx, compile: () => unknown): void {
  try {
    compile()
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
}
