import type { Answer } from '../ask/client.ts'
import { doubt, Refusal } from '../ask/doubt.ts'
import { listOf, objectOf, shaped, textOf } from '../ask/read.ts'
import { type Cloud, type Instance, optional } from './cloud.ts'

const token = {
  asks: 'x-aliyun-ecs-metadata-token-ttl-seconds',
  carries: 'x-aliyun-ecs-metadata-token',
} as const

/**
 * https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata, in its mode with tokens, which every instance has.
 * It does not say how an instance is paid for.
 */
export const aliyun: Cloud = {
  name: 'aliyun',
  endpoint: 'http://100.100.100.200',
  vendor: 'Alibaba Cloud',
  async identify(ask) {
    const granted = await ask({ method: 'PUT', path: '/latest/api/token', headers: { [token.asks]: '60' } })
    if (granted.status === 403) throw new Refusal('is turned off (HttpEndpoint of the instance)')
    const headers = { [token.carries]: textOf(granted, 'token', /^[\x21-\x7e]+$/) }
    const get = (path: string): Promise<Answer> => ask({ path, headers })
    const document = objectOf(await get('/latest/dynamic/instance-identity/document'), 'identity document')
    shaped(document['owner-account-id'], 'account', /^\d{1,20}$/)
    const region = shaped(document['region-id'], 'region', /^[a-z]{2}(-[a-z\d]{1,20}){1,5}$/)
    const zone = shaped(document['zone-id'], 'zone', /^[a-z\d-]{4,40}$/)
    if (!zone.startsWith(region)) throw doubt(`says that ${zone} is a zone of ${region}`)
    return {
      instance: {
        id: shaped(document['instance-id'], 'instance id', /^i-[\da-z]{8,32}$/),
        type: shaped(document['instance-type'], 'instance type', /^ecs\.[a-z\d-]{1,30}(\.[a-z\d-]{1,20})?$/),
        region,
        zone,
        imageId: shaped(document['image-id'], 'image', /^[\w.-]{1,128}$/),
      },
      details: () => detailsOf(get),
    }
  },
}

async function detailsOf(get: (path: string) => Promise<Answer>): Promise<Partial<Instance>> {
  const of = '/latest/meta-data/network/interfaces/macs/'
  const macs = await optional(get(of).then((answer) => listOf(answer, /^([\da-f]{2}:){5}[\da-f]{2}$/i)))
  const ids = await Promise.all(
    (macs ?? [])
      .slice(0, 16)
      .map((mac) =>
        optional(
          get(`${of}${mac}/network-interface-id`).then((answer) =>
            textOf(answer, 'interface', /^eni-[\da-z]{8,32}$/),
          ),
        ),
      ),
  )
  return { interfaceCount: macs?.length, interfaceIds: ids.filter((id) => id !== undefined) }
}
