import { doubt, quoted, Refusal } from '../ask/doubt.ts'
import { fieldsOf, objectOf, shaped } from '../ask/read.ts'
import type { Cloud, Lifecycle } from './cloud.ts'

/** The first with `priority`, and the last without `userData`, in which people keep what is nothing to us. */
const version = '2020-12-01'

const lifecycles: Readonly<Record<string, Lifecycle>> = {
  '': 'on-demand',
  regular: 'on-demand',
  low: 'spot',
  spot: 'spot',
}

/**
 * https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service. One question: more than five a second are
 * refused.
 */
export const azure: Cloud = {
  name: 'azure',
  endpoint: 'http://169.254.169.254',
  vendor: 'Microsoft Corporation',
  async identify(ask) {
    const answer = await ask({
      path: `/metadata/instance?api-version=${version}`,
      headers: { metadata: 'true' },
    })
    if (answer.status === 429) throw new Refusal('has been asked too often (5 questions a second)')
    const type = answer.headers['content-type'] ?? ''
    if (answer.status === 200 && !/^application\/json\b/.test(type))
      throw doubt(`answers in ${quoted(type)} and not in JSON`)
    const { compute, network } = objectOf(answer, 'metadata')
    const machine = fieldsOf(compute, 'description of the machine')
    shaped(machine['provider'], 'provider', /^Microsoft\.Compute$/)
    shaped(machine['azEnvironment'], 'environment', /^Azure\w{0,40}$/)
    const region = shaped(machine['location'], 'region', /^[a-z\d]{3,40}$/)
    const zone = shaped(machine['zone'] ?? '', 'zone', /^\d{0,2}$/)
    const priority = shaped(machine['priority'] ?? '', 'priority', /^[A-Za-z]*$/)
    return {
      instance: {
        id: shaped(machine['vmId'], 'instance id', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i).toLowerCase(),
        type: shaped(machine['vmSize'], 'size', /^[A-Z][A-Za-z\d_-]{1,60}$/),
        region,
        // as Kubernetes labels its nodes there: a number alone means nothing without its region.
        zone: zone === '' ? undefined : `${region}-${zone}`,
        imageId: imageOf(machine),
        lifecycle: lifecycles[priority.toLowerCase()],
        interfaceCount: interfaceCountOf(network),
      },
    }
  },
}

/** `publisher:offer:sku:version`, as the command line of Azure takes it; images of one's own have none. */
function imageOf(machine: Readonly<Record<string, unknown>>): string | undefined {
  const parts = ['publisher', 'offer', 'sku', 'version'].map((name) => machine[name])
  const isUrn = parts.every((part) => typeof part === 'string' && /^[\w.-]{1,64}$/.test(part))
  return isUrn ? parts.join(':') : undefined
}

function interfaceCountOf(network: unknown): number | undefined {
  const { interface: interfaces } = fieldsOf(network ?? {}, 'network')
  return Array.isArray(interfaces) ? interfaces.length : undefined
}
