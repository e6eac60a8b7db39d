import { duration } from '@cloudbench/driver-kit'
import { z } from '@cloudbench/schema'
import { reservedLabels } from './labels.ts'

/** Below the time that the host leaves a reporter for an interval, and for closing. */
const longestPushMs = 4_000
/** Below the time that the host leaves a reporter at the end of a run. */
const longestLingerMs = 25_000

const labelName = z
  .string()
  .regex(/^(?!__)[A-Za-z_][A-Za-z0-9_]*$/, 'is no name for a label: letters, digits and _, no digit first')
  .refine((name) => !reservedLabels.has(name), {
    error: 'is the name of a label that cloudbench writes itself',
  })

/** Of a key, what is said of records alone is that it is invalid. */
const nameFault: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join(', ') : undefined

const value = z.string().min(1)

/** `9464`, `127.0.0.1:9464`, `[::1]:9464`. Without a host it is loopback: `:9464` would mean every interface elsewhere. */
const address = /^(?:(?<host>[\w.-]+|\[[\da-fA-F:.]+\]):)?(?<port>\d{1,5})$/

const listen = z
  .union([z.string(), z.int()], { error: 'is neither a port nor host:port' })
  .transform((written, context) => {
    const { host = '127.0.0.1', port = '' } = address.exec(String(written))?.groups ?? {}
    if (port !== '' && Number(port) < 65_536)
      return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) }
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(written)} is neither a port nor host:port, such as 9464 or 0.0.0.0:9464`,
    })
    return z.NEVER
  })

const gateway = z.url({ protocol: /^https?$/, error: 'is no http:// or https:// URL' }).refine(
  (url) => {
    // another fault has been named by then
    if (!URL.canParse(url)) return true
    const { search, hash } = new URL(url)
    return search === '' && hash === ''
  },
  { error: 'has a query or a fragment, which a Pushgateway does not' },
)

/** The options of the `prometheus` reporter. */
export const options = z.strictObject({
  pushgateway: gateway
    .optional()
    .describe(
      'Where to push, with user and password if it wants them. Default: http://127.0.0.1:9091, or nowhere with `listen`.',
    ),
  job: value.default('cloudbench').describe('The label `job` of what is pushed. Default: cloudbench.'),
  cluster: value.optional().describe('A label `cluster`, to compare one with another.'),
  instance: value.optional().describe('A label `instance`.'),
  labels: z.record(labelName, value, { error: nameFault }).default({}).describe('More labels.'),
  delete: z
    .boolean()
    .default(false)
    .describe('Whether the groups are deleted from the Pushgateway in the end, once `linger` is over.'),
  listen: listen
    .optional()
    .describe(
      'Port, or host:port, where Prometheus can scrape while the run goes on. A port alone is of 127.0.0.1.',
    ),
  linger: duration({ min: 0, max: longestLingerMs })
    .default(20_000)
    .describe(
      'How long the last values stay before they are deleted, and how long they wait for a scrape. At most 25s. Default: 20s.',
    ),
  timeout: duration({ max: longestPushMs })
    .default(3_000)
    .describe('How long a push may take. At most 4s. Default: 3s.'),
})

export type PrometheusOptions = z.output<typeof options>
