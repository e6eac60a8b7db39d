import { z } from '@cloudbench/schema'

const pem = z.string().min(1)

/**
 * The TLS options of every driver, under the names of `tls.createSecureContext`, which is handed those that `sharedTls`
 * has nothing to do with. So a new option is a line here.
 */
const shape = {
  ca: pem
    .optional()
    .describe('Certificate authorities to trust instead of the usual ones: PEM text or a file'),
  cert: pem.optional().describe('Client certificate: PEM text or a file'),
  key: pem.optional().describe('Key of the client certificate: PEM text or a file'),
  servername: z.string().optional().describe('Name to ask for and to verify, instead of the host in the url'),
  rejectUnauthorized: z
    .boolean()
    .default(true)
    .describe('Whether certificates are verified. Only turn it off against a machine of your own'),
}

/** What the option says: PEM text, or files with it. */
export type TlsFiles = Partial<z.output<z.ZodObject<typeof shape>>>

type TlsSchema = z.ZodOptional<z.ZodObject<typeof shape, z.core.$strict>>

/**
 * The option `tls`. `sharedTls` loads what it names.
 * @param scheme What urls of targets with TLS begin with, such as `rediss://`.
 */
export function tls(scheme: string): TlsSchema {
  return z
    .strictObject(shape)
    .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
      error: 'cert and key belong together',
    })
    .optional()
    .describe(`TLS, for targets that begin with ${scheme}`)
}
