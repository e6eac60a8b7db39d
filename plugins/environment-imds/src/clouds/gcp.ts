import type { Answer } from '../ask/client.ts'
import { doubt } from '../ask/doubt.ts'
import { listOf, optionalTextOf, textOf } from '../ask/read.ts'
import { type Cloud, type Instance, optional } from './cloud.ts'

/**
 * https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys. One leaf at a time: a recursive answer would have the
 * tokens of service accounts in it.
 */
export const gcp: Cloud = {
  name: 'gcp',
  endpoint: 'http://169.254.169.254',
  host: 'metadata.google.internal',
  vendor: 'Google',
  async identify(ask) {
    const get = async (leaf: string): Promise<Answer> => {
      const path = `/computeMetadata/v1/instance/${leaf}`
      const answer = await ask({ path, headers: { 'metadata-flavor': 'Google' } })
      if (answer.headers['metadata-flavor'] !== 'Google')
        throw doubt(`answers ${path} with status ${answer.status} and without Metadata-Flavor: Google`)
      return answer
    }
    const [id, placed, typed] = await Promise.all([get('id'), get('zone'), get('machine-type')])
    const zone = lastPart(textOf(placed, 'zone', /^projects\/\d{1,20}\/zones\/[a-z\d]+(-[a-z\d]+){2,4}$/))
    // a metadata server of Kubernetes may not know it.
    const type = optionalTextOf(typed, 'machine type', /^projects\/\d{1,20}\/machineTypes\/[a-z\d-]{2,60}$/)
    return {
      instance: {
        id: textOf(id, 'instance id', /^\d{1,20}$/),
        type: type && lastPart(type),
        region: zone.replace(/-[^-]+$/, ''),
        zone,
      },
      details: () => detailsOf(get),
    }
  },
}

async function detailsOf(get: (leaf: string) => Promise<Answer>): Promise<Partial<Instance>> {
  const [preemptible, interfaces, image] = await Promise.all([
    optional(get('scheduling/preemptible').then((answer) => textOf(answer, 'preemptible', /^(TRUE|FALSE)$/))),
    optional(get('network-interfaces/').then((answer) => listOf(answer, /^\d{1,3}$/))),
    optional(
      get('image').then((answer) =>
        textOf(answer, 'image', /^projects\/[\w:.-]+\/global\/images\/[a-z\d-]+$/),
      ),
    ),
  ])
  return {
    lifecycle: preemptible === undefined ? undefined : preemptible === 'TRUE' ? 'spot' : 'on-demand',
    interfaceCount: interfaces?.length,
    interfaceIds: interfaces?.map((index) => `nic${index}`),
    imageId: image,
  }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
